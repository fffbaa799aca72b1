// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// account is what users and service accounts have in common, and all that a service account has to show: its
// other attribute, apikey, is a secret.
type account struct {
	object
	Email             *string                       `json:"email" tfsdk:"email" doc:"E-mail address. Shown to the account's owner and its group's admins."`
	FirstName         *string                       `json:"first_name" tfsdk:"first_name" doc:"First name. Of a service account, the label that its creator gave it."`
	Privileges        virustotal.ByName[*privilege] `json:"privileges" tfsdk:"privileges" doc:"Privileges by name. A user's are shown to the user only. Null when hidden: coalesce(privileges, {})."`
	GrantedPrivileges set                           `json:"-" tfsdk:"granted_privileges" doc:"Names of the privileges that are granted, an end that has passed or not. Null when the privileges are: contains(coalesce(granted_privileges, []), \"x\"). Derived by the provider."`
	Quotas            virustotal.ByName[*quota]     `json:"quotas" tfsdk:"quotas" doc:"Quotas by name. Shown to the account's owner and its group's admins. Null when hidden: coalesce(quotas, {})."`
	Reputation        *int64                        `json:"reputation" tfsdk:"reputation" doc:"Reputation in VirusTotal's community. It can be negative."`
	Status            *string                       `json:"status" tfsdk:"status" doc:"Status of the account, such as active."`
	UserSince         *date                         `json:"user_since" tfsdk:"user_since" doc:"When the account was made, in RFC 3339."`
	HiddenAttributes  set                           `json:"-" tfsdk:"hidden_attributes" doc:"Names of the attributes that VirusTotal did not send, most often because the API key may not see them. They are null. Derived by the provider."`
}

func (a *account) Derive(of virustotal.Identity) error {
	a.GrantedPrivileges = granted(a.Privileges)
	a.HiddenAttributes = hidden(a)
	return a.object.Derive(of)
}

// Kind says that a service account may go by the type of a user too.
func (*account) Kind() virustotal.Kind {
	return virustotal.Kind{Types: []string{"service_account", "user"}}
}

func readServiceAccount(ctx context.Context, client *virustotal.Client, id string) (*account, error) {
	found, err := virustotal.Get[account](ctx, client, aServiceAccount.path(id)...)
	if err != nil {
		return nil, err
	}
	return found.Attributes, nil
}

// user is VirusTotal's user object, without the one attribute that is a secret: apikey.
type user struct {
	account
	Has2FA        *bool                        `json:"has_2fa" tfsdk:"has_2fa" doc:"Whether two-factor authentication is on. Shown to the account's owner only. Null when hidden, so compare it: has_2fa == true."`
	LastLogin     *date                        `json:"last_login" tfsdk:"last_login" doc:"Last login, in RFC 3339. Shown to the account's owner and its group's admins. Null when hidden, so guard it: try(timecmp(last_login, …) > 0, false)."`
	LastName      *string                      `json:"last_name" tfsdk:"last_name" doc:"Last name."`
	Preferences   virustotal.ByName[*jsonText] `json:"preferences" tfsdk:"preferences" doc:"Preferences by section, each as JSON with its keys sorted, for jsondecode. Shown to the account's owner only. Null when hidden: coalesce(preferences, {})."`
	ProfilePhrase *string                      `json:"profile_phrase" tfsdk:"profile_phrase" doc:"Phrase of the user's profile."`
}

func (u *user) Derive(of virustotal.Identity) error {
	err := u.account.Derive(of)
	u.HiddenAttributes = hidden(u)
	return err
}

// Kind says that a service account is a user of sorts: VirusTotal may answer with one where a user is asked for.
func (*user) Kind() virustotal.Kind {
	return virustotal.Kind{Types: []string{"user", "service_account"}}
}

// userModel is what virustotal_user shows beside the id.
type userModel struct {
	Username *string `tfsdk:"username" doc:"The username by which VirusTotal knows the user, which is not the id where that is an e-mail address."`
	user
}

func readUser(ctx context.Context, client *virustotal.Client, id string) (*userModel, error) {
	found, err := virustotal.User[user](ctx, client, id)
	if err != nil {
		return nil, err
	}
	return &userModel{Username: &found.ID, user: *found.Attributes}, nil
}

// userQuotas is what virustotal_user_quotas shows of a user.
type userQuotas struct {
	Quotas             virustotal.ByName[*quota] `tfsdk:"quotas" doc:"Quotas by name. Null when hidden: coalesce(quotas, {})."`
	Exhausted          set                       `tfsdk:"exhausted" doc:"Names of the quotas that allow something and of which nothing remains. Null when the quotas are: try(length(exhausted) == 0, false). Derived by the provider."`
	HighestUtilization *number                   `tfsdk:"highest_utilization" doc:"The largest share that is used of any quota that allows something: 0.9 is nine tenths. Null when there is none: try(highest_utilization < 0.9, false). Derived by the provider."`
}

func readUserQuotas(ctx context.Context, client *virustotal.Client, id string) (*userQuotas, error) {
	found, err := virustotal.User[user](ctx, client, id)
	if err != nil {
		return nil, err
	}
	quotas := found.Attributes.Quotas
	return &userQuotas{quotas, exhausted(quotas), highestUtilization(quotas)}, nil
}
