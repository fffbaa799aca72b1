// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// group is VirusTotal's group object, except for its secrets, group_token and apikey, and for the personal data
// of the signer of the agreement.
type group struct {
	identified
	Organization           *string                       `json:"organization" doc:"Organization that the group belongs to."`
	OrganizationLegalName  *string                       `json:"organization_legal_name" doc:"Legal name of the organization."`
	DomainName             *string                       `json:"domain_name" doc:"Domain of the organization."`
	Country                *string                       `json:"country" doc:"Country of the organization."`
	CountryISO             *string                       `json:"country_iso" doc:"ISO 3166 code of the country."`
	Industry               *string                       `json:"industry" doc:"Industry of the organization."`
	AgreementSignedDate    *date                         `json:"agreement_signed_date" doc:"When the agreement with VirusTotal was signed."`
	AutoAddUsers           []*string                     `json:"auto_add_users" doc:"E-mail addresses and patterns, such as [*@example.com]. Whoever registers with a matching address joins the group automatically. Visible to the administrators of the group only."`
	ContactEmails          []*string                     `json:"contact_emails" doc:"E-mail addresses of the group's contacts."`
	Preferences            virustotal.ByName[*jsonText]  `json:"preferences" doc:"Preferences by section, as JSON with sorted keys and masked API keys."`
	Privileges             virustotal.ByName[*privilege] `json:"privileges" doc:"Privileges by name."`
	privilegeNames         `json:"-"`
	Quotas                 virustotal.ByName[*quota] `json:"quotas" doc:"Quotas by name, shared by all members."`
	LockUsersAPIQuotaGroup *bool                     `json:"lock_users_api_quota_group" doc:"Whether members cannot consume another group's API quota."`
	ForceUsersSAMLLogin    *bool                     `json:"force_users_saml_login" doc:"Whether members must log in with SAML."`
	ForceUsersOIDCLogin    *bool                     `json:"force_users_oidc_login" doc:"Whether members must log in with OpenID Connect."`
	HiddenAttributes       set                       `json:"-" derived:"hidden_attributes" doc:"Names of the attributes that VirusTotal did not return, because the API key is not allowed to see them or because they are not set. New versions of the provider can add names."`
}

func (g *group) Derive(identity virustotal.Identity) error {
	g.privilegeNames = namesOfPrivileges(g.Privileges, identity.Now)
	g.HiddenAttributes = hidden(g)
	return g.identified.Derive(identity)
}

func (*group) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"group"}} }

// groupRole has the context attributes of a group: the role of the user whose relationship it is in, or of the API key's
// owner.
type groupRole struct {
	Role *string `json:"role" doc:"Role of the user in the group: of the API key's owner if the group is read by its ID. Null if VirusTotal sends none."`
}

// userGroup is a group with a user's role in it.
type userGroup struct {
	group
	groupRole `json:"-"`
}

// Derive also decodes the role, from the context attributes.
func (g *userGroup) Derive(identity virustotal.Identity) error {
	if err := identity.Context(&g.groupRole); err != nil {
		return err
	}
	return g.group.Derive(identity)
}
