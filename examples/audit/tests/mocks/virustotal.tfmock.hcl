# Mocks of VirusTotal: the group crew with the administrators ada, who owns the API key, and bo.
#
#   mock_provider "virustotal" {
#     source = "./tests/mocks"
#   }
#
# Terraform generates missing attributes: false, "", and random strings even for dates. So all objects here are complete,
# and those in your own override_data should be too. The dates suit tests with the time 2026-01-31. Hidden collections,
# which are null, cannot be mocked: they are empty here.

mock_data "virustotal_user" {
  defaults = {
    unreadable         = null
    username           = "ada"
    id                 = "ada"
    email              = "ada@example.com"
    first_name         = "Ada"
    last_name          = "Berg"
    has_2fa            = true
    hidden_attributes  = []
    last_login         = "2099-01-01T00:00:00Z"
    preferences        = { ui = "{\"theme\":\"dark\"}" }
    profile_phrase     = ""
    reputation         = 1
    status             = "active"
    user_since         = "2024-01-01T00:00:00Z"
    granted_privileges = ["intelligence"]
    active_privileges  = ["intelligence"]
    privileges = {
      intelligence     = { granted = true, expiration_date = "2099-01-01T00:00:00Z", inherited_from = "crew", inherited_via = "intelligence_quota_group" }
      private-scanning = { granted = false, expiration_date = null, inherited_from = null, inherited_via = null }
    }
    quotas = {
      api_requests_daily             = { allowed = 1000, used = 40, remaining = 960, utilization = 0.04 }
      intelligence_downloads_monthly = { allowed = 250, used = 25, remaining = 225, utilization = 0.1 }
    }
  }
}

mock_data "virustotal_user_quotas" {
  defaults = {
    hidden_attributes   = []
    unreadable          = null
    user_id             = "ada"
    exhausted           = []
    highest_utilization = 0.1
    quotas = {
      api_requests_daily             = { allowed = 1000, used = 40, remaining = 960, utilization = 0.04 }
      intelligence_downloads_monthly = { allowed = 250, used = 25, remaining = 225, utilization = 0.1 }
    }
  }
}

mock_data "virustotal_user_overall_quotas" {
  defaults = {
    unreadable = null
    user_id    = "ada"
    quotas = {
      api_requests_daily = {
        user      = { allowed = 1000, used = 40, remaining = 960, utilization = 0.04, inherited_from = null }
        group     = { allowed = 30000, used = 600, remaining = 29400, utilization = 0.02, inherited_from = "crew" }
        effective = { allowed = 1000, used = 40, remaining = 960, utilization = 0.04, inherited_from = null }
      }
    }
  }
}

mock_data "virustotal_user_api_usage" {
  defaults = {
    unreadable                = null
    user_id                   = "ada"
    daily                     = { "2026-01-29" = { files = 30 }, "2026-01-30" = { files = 10, "files/behaviours" = 2 } }
    daily_not_consuming_quota = { "2026-01-30" = { users = 4 } }
    total                     = { files = 40, "files/behaviours" = 2 }
    total_not_consuming_quota = { users = 4 }
    total_requests            = 42
  }
}

mock_data "virustotal_user_api_quota_group" {
  defaults = {
    unreadable = null
    user_id    = "ada"
    group_id   = "crew"
    group = {
      id                         = "crew"
      organization               = "Example"
      organization_legal_name    = "Example AS"
      domain_name                = "example.com"
      country                    = "Norway"
      country_iso                = "NO"
      industry                   = "Transportation"
      agreement_signed_date      = "2024-01-01T00:00:00Z"
      auto_add_users             = ["*@example.com"]
      contact_emails             = ["security@example.com"]
      preferences                = {}
      role                       = "admin"
      granted_privileges         = ["intelligence"]
      active_privileges          = ["intelligence"]
      lock_users_api_quota_group = false
      force_users_saml_login     = true
      force_users_oidc_login     = false
      hidden_attributes          = []
      privileges = {
        intelligence     = { granted = true, expiration_date = "2099-01-01T00:00:00Z", inherited_from = null, inherited_via = null }
        private-scanning = { granted = false, expiration_date = null, inherited_from = null, inherited_via = null }
      }
      quotas = {
        api_requests_daily             = { allowed = 30000, used = 600, remaining = 29400, utilization = 0.02 }
        intelligence_downloads_monthly = { allowed = 2000, used = 200, remaining = 1800, utilization = 0.1 }
      }
    }
  }
}

mock_data "virustotal_user_intelligence_quota_group" {
  defaults = {
    unreadable = null
    user_id    = "ada"
    group_id   = "crew"
    group = {
      id                         = "crew"
      organization               = "Example"
      organization_legal_name    = "Example AS"
      domain_name                = "example.com"
      country                    = "Norway"
      country_iso                = "NO"
      industry                   = "Transportation"
      agreement_signed_date      = "2024-01-01T00:00:00Z"
      auto_add_users             = ["*@example.com"]
      contact_emails             = ["security@example.com"]
      preferences                = {}
      role                       = "admin"
      granted_privileges         = ["intelligence"]
      active_privileges          = ["intelligence"]
      lock_users_api_quota_group = false
      force_users_saml_login     = true
      force_users_oidc_login     = false
      hidden_attributes          = []
      privileges = {
        intelligence     = { granted = true, expiration_date = "2099-01-01T00:00:00Z", inherited_from = null, inherited_via = null }
        private-scanning = { granted = false, expiration_date = null, inherited_from = null, inherited_via = null }
      }
      quotas = {
        api_requests_daily             = { allowed = 30000, used = 600, remaining = 29400, utilization = 0.02 }
        intelligence_downloads_monthly = { allowed = 2000, used = 200, remaining = 1800, utilization = 0.1 }
      }
    }
  }
}

mock_data "virustotal_user_groups" {
  defaults = {
    unreadable      = null
    user_id         = "ada"
    ids             = ["crew"]
    unavailable_ids = []
    complete        = true
    groups = [
      {
        id                         = "crew"
        organization               = "Example"
        organization_legal_name    = "Example AS"
        domain_name                = "example.com"
        country                    = "Norway"
        country_iso                = "NO"
        industry                   = "Transportation"
        agreement_signed_date      = "2024-01-01T00:00:00Z"
        auto_add_users             = ["*@example.com"]
        contact_emails             = ["security@example.com"]
        preferences                = {}
        role                       = "admin"
        granted_privileges         = ["intelligence"]
        active_privileges          = ["intelligence"]
        lock_users_api_quota_group = false
        force_users_saml_login     = true
        force_users_oidc_login     = false
        hidden_attributes          = []
        privileges = {
          intelligence     = { granted = true, expiration_date = "2099-01-01T00:00:00Z", inherited_from = null, inherited_via = null }
          private-scanning = { granted = false, expiration_date = null, inherited_from = null, inherited_via = null }
        }
        quotas = {
          api_requests_daily             = { allowed = 30000, used = 600, remaining = 29400, utilization = 0.02 }
          intelligence_downloads_monthly = { allowed = 2000, used = 200, remaining = 1800, utilization = 0.1 }
        }
      },
    ]
  }
}

mock_data "virustotal_user_groups_managed" {
  defaults = {
    unreadable      = null
    user_id         = "ada"
    ids             = ["crew"]
    unavailable_ids = []
    complete        = true
    groups = [
      {
        id                         = "crew"
        organization               = "Example"
        organization_legal_name    = "Example AS"
        domain_name                = "example.com"
        country                    = "Norway"
        country_iso                = "NO"
        industry                   = "Transportation"
        agreement_signed_date      = "2024-01-01T00:00:00Z"
        auto_add_users             = ["*@example.com"]
        contact_emails             = ["security@example.com"]
        preferences                = {}
        role                       = "admin"
        granted_privileges         = ["intelligence"]
        active_privileges          = ["intelligence"]
        lock_users_api_quota_group = false
        force_users_saml_login     = true
        force_users_oidc_login     = false
        hidden_attributes          = []
        privileges = {
          intelligence     = { granted = true, expiration_date = "2099-01-01T00:00:00Z", inherited_from = null, inherited_via = null }
          private-scanning = { granted = false, expiration_date = null, inherited_from = null, inherited_via = null }
        }
        quotas = {
          api_requests_daily             = { allowed = 30000, used = 600, remaining = 29400, utilization = 0.02 }
          intelligence_downloads_monthly = { allowed = 2000, used = 200, remaining = 1800, utilization = 0.1 }
        }
      },
    ]
  }
}

mock_data "virustotal_group" {
  defaults = {
    role                       = "admin"
    unreadable                 = null
    id                         = "crew"
    organization               = "Example"
    organization_legal_name    = "Example AS"
    domain_name                = "example.com"
    country                    = "Norway"
    country_iso                = "NO"
    industry                   = "Transportation"
    agreement_signed_date      = "2024-01-01T00:00:00Z"
    auto_add_users             = ["*@example.com"]
    contact_emails             = ["security@example.com"]
    preferences                = {}
    granted_privileges         = ["intelligence"]
    active_privileges          = ["intelligence"]
    lock_users_api_quota_group = false
    force_users_saml_login     = true
    force_users_oidc_login     = false
    hidden_attributes          = []
    privileges = {
      intelligence     = { granted = true, expiration_date = "2099-01-01T00:00:00Z", inherited_from = null, inherited_via = null }
      private-scanning = { granted = false, expiration_date = null, inherited_from = null, inherited_via = null }
    }
    quotas = {
      api_requests_daily             = { allowed = 30000, used = 600, remaining = 29400, utilization = 0.02 }
      intelligence_downloads_monthly = { allowed = 2000, used = 200, remaining = 1800, utilization = 0.1 }
    }
  }
}

mock_data "virustotal_group_users" {
  defaults = {
    unreadable      = null
    ids             = ["ada", "bo"]
    unavailable_ids = []
    complete        = true
    users = [
      {
        id                 = "ada"
        email              = "ada@example.com"
        first_name         = "Ada"
        last_name          = "Berg"
        has_2fa            = true
        hidden_attributes  = []
        last_login         = "2099-01-01T00:00:00Z"
        preferences        = { ui = "{\"theme\":\"dark\"}" }
        profile_phrase     = ""
        reputation         = 1
        status             = "active"
        user_since         = "2024-01-01T00:00:00Z"
        granted_privileges = ["intelligence"]
        active_privileges  = ["intelligence"]
        roles              = ["USER_ROLE_FILE_DOWNLOADS"]
        quota_limits       = { api_requests_daily = { allowed = 500 } }
        privileges = {
          intelligence     = { granted = true, expiration_date = "2099-01-01T00:00:00Z", inherited_from = "crew", inherited_via = "intelligence_quota_group" }
          private-scanning = { granted = false, expiration_date = null, inherited_from = null, inherited_via = null }
        }
        quotas = {
          api_requests_daily             = { allowed = 1000, used = 40, remaining = 960, utilization = 0.04 }
          intelligence_downloads_monthly = { allowed = 250, used = 25, remaining = 225, utilization = 0.1 }
        }
      },
      {
        id                 = "bo"
        email              = "bo@example.com"
        first_name         = "Bo"
        last_name          = "Lind"
        has_2fa            = null
        hidden_attributes  = ["has_2fa", "preferences", "privileges"]
        last_login         = "2099-01-01T00:00:00Z"
        preferences        = {}
        profile_phrase     = ""
        reputation         = 1
        status             = "active"
        user_since         = "2024-01-01T00:00:00Z"
        granted_privileges = []
        active_privileges  = []
        roles              = ["USER_ROLE_FILE_DOWNLOADS"]
        quota_limits       = { api_requests_daily = { allowed = 500 } }
        privileges         = {}
        quotas = {
          api_requests_daily             = { allowed = 1000, used = 40, remaining = 960, utilization = 0.04 }
          intelligence_downloads_monthly = { allowed = 250, used = 25, remaining = 225, utilization = 0.1 }
        }
      },
    ]
  }
}

mock_data "virustotal_group_administrators" {
  defaults = {
    unreadable      = null
    ids             = ["ada", "bo"]
    unavailable_ids = []
    complete        = true
    users = [
      {
        id                 = "ada"
        email              = "ada@example.com"
        first_name         = "Ada"
        last_name          = "Berg"
        has_2fa            = true
        hidden_attributes  = []
        last_login         = "2099-01-01T00:00:00Z"
        preferences        = { ui = "{\"theme\":\"dark\"}" }
        profile_phrase     = ""
        reputation         = 1
        status             = "active"
        user_since         = "2024-01-01T00:00:00Z"
        granted_privileges = ["intelligence"]
        active_privileges  = ["intelligence"]
        roles              = ["USER_ROLE_GROUP_ADMIN"]
        quota_limits       = { api_requests_daily = { allowed = 500 } }
        privileges = {
          intelligence     = { granted = true, expiration_date = "2099-01-01T00:00:00Z", inherited_from = "crew", inherited_via = "intelligence_quota_group" }
          private-scanning = { granted = false, expiration_date = null, inherited_from = null, inherited_via = null }
        }
        quotas = {
          api_requests_daily             = { allowed = 1000, used = 40, remaining = 960, utilization = 0.04 }
          intelligence_downloads_monthly = { allowed = 250, used = 25, remaining = 225, utilization = 0.1 }
        }
      },
      {
        id                 = "bo"
        email              = "bo@example.com"
        first_name         = "Bo"
        last_name          = "Lind"
        has_2fa            = null
        hidden_attributes  = ["has_2fa", "preferences", "privileges"]
        last_login         = "2099-01-01T00:00:00Z"
        preferences        = {}
        profile_phrase     = ""
        reputation         = 1
        status             = "active"
        user_since         = "2024-01-01T00:00:00Z"
        granted_privileges = []
        active_privileges  = []
        roles              = ["USER_ROLE_GROUP_ADMIN"]
        quota_limits       = { api_requests_daily = { allowed = 500 } }
        privileges         = {}
        quotas = {
          api_requests_daily             = { allowed = 1000, used = 40, remaining = 960, utilization = 0.04 }
          intelligence_downloads_monthly = { allowed = 250, used = 25, remaining = 225, utilization = 0.1 }
        }
      },
    ]
  }
}

mock_data "virustotal_group_service_accounts" {
  defaults = {
    unreadable      = null
    ids             = ["crew_ci"]
    unavailable_ids = []
    complete        = true
    service_accounts = [
      {
        id                 = "crew_ci"
        email              = "crew_ci@example.com"
        first_name         = "ada: build pipeline"
        hidden_attributes  = []
        reputation         = 1
        status             = "active"
        user_since         = "2024-01-01T00:00:00Z"
        granted_privileges = ["intelligence"]
        active_privileges  = ["intelligence"]
        roles              = ["USER_ROLE_FILE_DOWNLOADS"]
        quota_limits       = { api_requests_daily = { allowed = 500 } }
        privileges = {
          intelligence     = { granted = true, expiration_date = "2099-01-01T00:00:00Z", inherited_from = "crew", inherited_via = "intelligence_quota_group" }
          private-scanning = { granted = false, expiration_date = null, inherited_from = null, inherited_via = null }
        }
        quotas = {
          api_requests_daily             = { allowed = 1000, used = 40, remaining = 960, utilization = 0.04 }
          intelligence_downloads_monthly = { allowed = 250, used = 25, remaining = 225, utilization = 0.1 }
        }
      },
    ]
  }
}

mock_data "virustotal_group_api_usage" {
  defaults = {
    unreadable                = null
    daily                     = { "2026-01-29" = { files = 30 }, "2026-01-30" = { files = 10, "files/behaviours" = 2 } }
    daily_not_consuming_quota = { "2026-01-30" = { users = 4 } }
    total                     = { files = 40, "files/behaviours" = 2 }
    total_not_consuming_quota = { users = 4 }
    total_requests            = 42
  }
}

mock_data "virustotal_service_account" {
  defaults = {
    unreadable         = null
    id                 = "crew_ci"
    email              = "crew_ci@example.com"
    first_name         = "ada: build pipeline"
    hidden_attributes  = []
    reputation         = 1
    status             = "active"
    user_since         = "2024-01-01T00:00:00Z"
    granted_privileges = ["intelligence"]
    active_privileges  = ["intelligence"]
    privileges = {
      intelligence     = { granted = true, expiration_date = "2099-01-01T00:00:00Z", inherited_from = "crew", inherited_via = "intelligence_quota_group" }
      private-scanning = { granted = false, expiration_date = null, inherited_from = null, inherited_via = null }
    }
    quotas = {
      api_requests_daily             = { allowed = 1000, used = 40, remaining = 960, utilization = 0.04 }
      intelligence_downloads_monthly = { allowed = 250, used = 25, remaining = 225, utilization = 0.1 }
    }
  }
}
