// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// account has the attributes that users and service accounts share. These are all the attributes of a service account,
// except for apikey, which is a secret.
type account struct {
	object
	Email            *string                       `json:"email" doc:"E-mail address." visible:"administrators"`
	FirstName        *string                       `json:"first_name" doc:"First name, or the label of a service account."`
	Privileges       virustotal.ByName[*privilege] `json:"privileges" doc:"Privileges by name. Those of a user are visible to that user only."`
	privilegeNames   `json:"-"`
	Quotas           virustotal.ByName[*quota] `json:"quotas" doc:"Quotas by name." visible:"administrators"`
	Reputation       *int64                    `json:"reputation" doc:"Reputation in VirusTotal's community. It can be negative."`
	Status           *string                   `json:"status" doc:"Status of the account, such as [active]."`
	UserSince        *date                     `json:"user_since" doc:"When the account was created."`
	HiddenAttributes set                       `json:"-" derived:"hidden_attributes" doc:"Attributes that VirusTotal did not send: hidden, or never set."`
}

func (a *account) Derive(identity virustotal.Identity) error {
	a.privilegeNames = namesOfPrivileges(a.Privileges, identity.Now)
	a.HiddenAttributes = hidden(a)
	return a.object.Derive(identity)
}

// Kind accepts users too: VirusTotal may send that type for a service account.
func (*account) Kind() virustotal.Kind {
	return virustotal.Kind{Types: []string{"service_account", "user"}}
}

func readServiceAccount(ctx context.Context, client *virustotal.Client, id string) (*account, error) {
	object, err := virustotal.Get[account](ctx, client, ofServiceAccount.path(id)...)
	if err != nil {
		return nil, err
	}
	return object.Attributes, nil
}

// user is VirusTotal's user object, except for apikey, which is a secret.
type user struct {
	account
	Has2FA        *bool                        `json:"has_2fa" doc:"Whether two-factor authentication is enabled." visible:"owner"`
	LastLogin     *date                        `json:"last_login" doc:"When the user last logged in." visible:"administrators"`
	LastName      *string                      `json:"last_name" doc:"Last name."`
	Preferences   virustotal.ByName[*jsonText] `json:"preferences" doc:"Preferences by section, as JSON with sorted keys and masked API keys." visible:"owner"`
	ProfilePhrase *string                      `json:"profile_phrase" doc:"Phrase of the user's profile."`
}

func (u *user) Derive(identity virustotal.Identity) error {
	err := u.account.Derive(identity)
	u.HiddenAttributes = hidden(u)
	return err
}

// Kind accepts service accounts too: VirusTotal may send one where a user is requested.
func (*user) Kind() virustotal.Kind {
	return virustotal.Kind{Types: []string{"user", "service_account"}}
}

// userModel has the computed attributes of virustotal_user.
type userModel struct {
	Username *string `tfsdk:"username" doc:"Username. It differs from [id] if that is an e-mail address."`
	user
}

func readUser(ctx context.Context, client *virustotal.Client, id string) (*userModel, error) {
	object, err := virustotal.User[user](ctx, client, id)
	if err != nil {
		return nil, err
	}
	return &userModel{Username: &object.ID, user: *object.Attributes}, nil
}

// userQuotas has the computed attributes of virustotal_user_quotas.
type userQuotas struct {
	Quotas virustotal.ByName[*quota] `tfsdk:"quotas" doc:"Quotas by name."`

	Exhausted          set     `derived:"exhausted" doc:"Names of quotas with [allowed] above 0 and [remaining] 0. Null if a hidden value could change it."`
	HighestUtilization *number `derived:"highest_utilization" doc:"Highest [utilization] where [allowed] is above 0. Null if none, or if [exhausted] is null."`
}

func readUserQuotas(ctx context.Context, client *virustotal.Client, id string) (*userQuotas, error) {
	object, err := virustotal.User[user](ctx, client, id)
	if err != nil {
		return nil, err
	}
	quotas := object.Attributes.Quotas
	return &userQuotas{quotas, exhausted(quotas), highestUtilization(quotas)}, nil
}
