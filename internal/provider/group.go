// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// groupObject is VirusTotal's group object, without its secrets, group_token and apikey, and without the
// person who signed its agreement.
type groupObject struct {
	object
	Organization          *string                       `json:"organization" tfsdk:"organization" doc:"The organization that the group stands for."`
	OrganizationLegalName *string                       `json:"organization_legal_name" tfsdk:"organization_legal_name" doc:"The organization's legal name."`
	DomainName            *string                       `json:"domain_name" tfsdk:"domain_name" doc:"The organization's domain."`
	Country               *string                       `json:"country" tfsdk:"country" doc:"The organization's country."`
	CountryISO            *string                       `json:"country_iso" tfsdk:"country_iso" doc:"The country's ISO 3166 code."`
	Industry              *string                       `json:"industry" tfsdk:"industry" doc:"The organization's industry."`
	AgreementSignedDate   *date                         `json:"agreement_signed_date" tfsdk:"agreement_signed_date" doc:"When the agreement was signed, in RFC 3339."`
	AutoAddUsers          []*string                     `json:"auto_add_users" tfsdk:"auto_add_users" doc:"Mail domains or addresses whose users become members by themselves."`
	ContactEmails         []*string                     `json:"contact_emails" tfsdk:"contact_emails" doc:"E-mail addresses of the group's contacts."`
	Preferences           virustotal.ByName[*jsonText]  `json:"preferences" tfsdk:"preferences" doc:"Preferences by section, each as JSON with its keys sorted, for jsondecode."`
	Privileges            virustotal.ByName[*privilege] `json:"privileges" tfsdk:"privileges" doc:"Privileges by name."`
	GrantedPrivileges     set                           `json:"-" tfsdk:"granted_privileges" doc:"Names of the privileges that are granted. Null when the privileges are. Derived by the provider."`
	Quotas                virustotal.ByName[*quota]     `json:"quotas" tfsdk:"quotas" doc:"Quotas by name, which all members share."`
}

func (g *groupObject) Derive(of virustotal.Identity) error {
	g.GrantedPrivileges = granted(g.Privileges)
	return g.object.Derive(of)
}

func (*groupObject) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"group"}} }

func readGroup(ctx context.Context, client *virustotal.Client, id string) (*groupObject, error) {
	found, err := virustotal.GetNamed[groupObject](ctx, client, aGroup.path(id)...)
	if err != nil {
		return nil, err
	}
	return found.Attributes, nil
}

// membership is what VirusTotal says of a group as one of a user's.
type membership struct {
	Role *string `json:"role" tfsdk:"role" doc:"The user's role in the group. Null where VirusTotal names none."`
}

// group is a group as a user's relationship shows it.
type group struct {
	groupObject
	membership `json:"-"`
}

// Derive takes the membership from the group's context.
func (g *group) Derive(of virustotal.Identity) error {
	if err := of.Context(&g.membership); err != nil {
		return err
	}
	return g.groupObject.Derive(of)
}
