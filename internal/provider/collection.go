// SPDX-License-Identifier: MPL-2.0

package provider

import "github.com/virustotal/terraform-provider-virustotal/internal/virustotal"

// collection is a collection of indicators of compromise.
type collection struct {
	identified
	Name                 *string   `json:"name" doc:"Name of the collection."`
	Description          *string   `json:"description" doc:"Description of the collection."`
	CreationDate         *date     `json:"creation_date" doc:"When the collection was created."`
	LastModificationDate *date     `json:"last_modification_date" doc:"When the collection was last modified."`
	Tags                 []*string `json:"tags" doc:"Tags of the collection."`
	Private              *bool     `json:"private" doc:"Whether the collection is private. Null if VirusTotal does not say."`
	FilesCount           *int64    `json:"files_count" doc:"Number of files."`
	URLsCount            *int64    `json:"urls_count" doc:"Number of URLs."`
	DomainsCount         *int64    `json:"domains_count" doc:"Number of domains."`
	IPAddressesCount     *int64    `json:"ip_addresses_count" doc:"Number of IP addresses."`
	ReferencesCount      *int64    `json:"references_count" doc:"Number of references."`
}

func (*collection) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"collection"}} }
