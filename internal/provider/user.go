// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// account has the attributes that users and service accounts share, except for apikey, which is a secret.
type account struct {
	identified
	Email            *string                   `json:"email" doc:"E-mail address." visible:"administrators"`
	FirstName        *string                   `json:"first_name" doc:"First name, or the label of a service account."`
	Quotas           virustotal.ByName[*quota] `json:"quotas" doc:"Quotas by name." visible:"administrators"`
	Reputation       *int64                    `json:"reputation" doc:"Reputation in VirusTotal's community. It can be negative."`
	Status           *string                   `json:"status" doc:"Status of the account, such as [active]."`
	UserSince        *date                     `json:"user_since" doc:"When the account was created."`
	HiddenAttributes set                       `json:"-" derived:"hidden_attributes" doc:"Names of the attributes that VirusTotal did not return, because the API key is not allowed to see them or because they are not set. New versions of the provider can add names."`
}

// Kind accepts both types: VirusTotal may send one where the other is requested.
func (*account) Kind() virustotal.Kind {
	return virustotal.Kind{Types: []string{"user", "service_account"}}
}

// serviceAccount is VirusTotal's service account object.
type serviceAccount struct {
	account
	Privileges     virustotal.ByName[*privilege] `json:"privileges" doc:"Privileges by name." visible:"administrators"`
	privilegeNames `json:"-"`
}

func (a *serviceAccount) Derive(identity virustotal.Identity) error {
	a.privilegeNames = namesOfPrivileges(a.Privileges, identity.Now)
	a.HiddenAttributes = hidden(a)
	return a.identified.Derive(identity)
}

// user is VirusTotal's user object.
type user struct {
	account
	Has2FA         *bool                         `json:"has_2fa" doc:"Whether 2FA is enabled." visible:"owner"`
	LastLogin      *date                         `json:"last_login" doc:"When the user last logged in." visible:"administrators"`
	LastName       *string                       `json:"last_name" doc:"Last name."`
	Preferences    virustotal.ByName[*jsonText]  `json:"preferences" doc:"Preferences by section, as JSON with sorted keys and masked API keys." visible:"owner"`
	Privileges     virustotal.ByName[*privilege] `json:"privileges" doc:"Privileges by name." visible:"owner"`
	privilegeNames `json:"-"`
	ProfilePhrase  *string `json:"profile_phrase" doc:"Phrase of the user's profile."`
}

func (u *user) Derive(identity virustotal.Identity) error {
	u.privilegeNames = namesOfPrivileges(u.Privileges, identity.Now)
	u.HiddenAttributes = hidden(u)
	return u.identified.Derive(identity)
}

// userModel has the computed attributes of virustotal_user.
type userModel struct {
	Username *string `tfsdk:"username" doc:"Username. It differs from [id] if that is an e-mail address."`
	user
}

// userQuotas has the computed attributes of virustotal_user_quotas.
type userQuotas struct {
	Quotas virustotal.ByName[*quota] `tfsdk:"quotas" doc:"Quotas by name, also those that are no budgets." visible:"administrators"`

	Exhausted          set     `derived:"exhausted" doc:"Names of the quotas that are used up, without those that are no budgets: [intelligence_hunting_rules], [api_requests_hourly] and names that end in [_per_minute]. Null if hidden values make that unknown."`
	HighestUtilization *number `derived:"highest_utilization" doc:"Highest [utilization] of the quotas that allow something, without those that are no budgets. Null if there is none, or if [exhausted] is null."`
	HiddenAttributes   set     `derived:"hidden_attributes" doc:"[quotas] if VirusTotal did not return it, otherwise empty. It does not cover other attributes of the user."`
}
