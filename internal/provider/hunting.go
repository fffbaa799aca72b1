// SPDX-License-Identifier: MPL-2.0

package provider

import "github.com/virustotal/terraform-provider-virustotal/internal/virustotal"

// huntingRuleset is a set of YARA rules that Livehunt matches new files with.
type huntingRuleset struct {
	object
	Name                   *string   `json:"name" tfsdk:"name" doc:"Name of the ruleset."`
	Enabled                *bool     `json:"enabled" tfsdk:"enabled" doc:"Whether it is matched."`
	Limit                  *int64    `json:"limit" tfsdk:"limit" doc:"The most notifications that it makes in 24 hours."`
	Rules                  *string   `json:"rules" tfsdk:"rules" doc:"The rules, as YARA source."`
	RuleNames              []*string `json:"rule_names" tfsdk:"rule_names" doc:"Names of the rules."`
	NumberOfRules          *int64    `json:"number_of_rules" tfsdk:"number_of_rules" doc:"How many rules it has."`
	NotificationEmails     []*string `json:"notification_emails" tfsdk:"notification_emails" doc:"Who is told of matches by e-mail."`
	MatchObjectType        *string   `json:"match_object_type" tfsdk:"match_object_type" doc:"Kind of object that it matches: file, url, domain or ip."`
	CreationDate           *date     `json:"creation_date" tfsdk:"creation_date" doc:"When it was made, in RFC 3339."`
	ModificationDate       *date     `json:"modification_date" tfsdk:"modification_date" doc:"When it was last changed, in RFC 3339."`
	ScheduledDisableDate   *date     `json:"scheduled_disable_date" tfsdk:"scheduled_disable_date" doc:"When VirusTotal will disable it, in RFC 3339. Null where it will not."`
	ScheduledDisableReason *string   `json:"scheduled_disable_reason" tfsdk:"scheduled_disable_reason" doc:"Why VirusTotal will disable it."`
	RateLimited            *bool     `json:"rate_limited" tfsdk:"rate_limited" doc:"Whether it matches so much that VirusTotal holds matches back."`
	RateLimitedRatio       *number   `json:"rate_limited_ratio" tfsdk:"rate_limited_ratio" doc:"The share of matches that is held back, from 0 to 1."`
	Tags                   []*string `json:"tags" tfsdk:"tags" doc:"Tags of the ruleset."`
}

// huntingNotification tells of a match of a rule.
type huntingNotification struct {
	object
	Date           *date     `json:"date" tfsdk:"date" doc:"When the match was found, in RFC 3339."`
	RuleName       *string   `json:"rule_name" tfsdk:"rule_name" doc:"Name of the rule that matched."`
	RuleTags       []*string `json:"rule_tags" tfsdk:"rule_tags" doc:"Tags of the rule."`
	Tags           []*string `json:"tags" tfsdk:"tags" doc:"Tags of the notification."`
	Snippet        *string   `json:"snippet" tfsdk:"snippet" doc:"The bytes around the match, in lines."`
	MatchInSubfile *bool     `json:"match_in_subfile" tfsdk:"match_in_subfile" doc:"Whether the match is in a file within the file."`
	SourceCountry  *string   `json:"source_country" tfsdk:"source_country" doc:"Country that the file was submitted from. Null where VirusTotal does not say."`
	SourceKey      *string   `json:"source_key" tfsdk:"source_key" doc:"VirusTotal's pseudonym of the submitter. Null where VirusTotal does not say."`
}

// file is a file in VirusTotal's dataset: a few of its attributes, which take hundreds of kilobytes.
type file struct {
	object
	SHA256              *string                   `json:"sha256" tfsdk:"sha256" doc:"SHA-256 of the file."`
	SHA1                *string                   `json:"sha1" tfsdk:"sha1" doc:"SHA-1 of the file."`
	MD5                 *string                   `json:"md5" tfsdk:"md5" doc:"MD5 of the file."`
	Size                *int64                    `json:"size" tfsdk:"size" doc:"Its size in bytes."`
	MeaningfulName      *string                   `json:"meaningful_name" tfsdk:"meaningful_name" doc:"The most telling of its names."`
	Names               []*string                 `json:"names" tfsdk:"names" doc:"Names that it was submitted by."`
	TypeTag             *string                   `json:"type_tag" tfsdk:"type_tag" doc:"Its type, as a tag, such as peexe."`
	TypeDescription     *string                   `json:"type_description" tfsdk:"type_description" doc:"Its type, in words."`
	Tags                []*string                 `json:"tags" tfsdk:"tags" doc:"Tags of the file."`
	Reputation          *int64                    `json:"reputation" tfsdk:"reputation" doc:"Its score from the community's votes. It can be negative."`
	LastAnalysisStats   virustotal.ByName[*int64] `json:"last_analysis_stats" tfsdk:"last_analysis_stats" doc:"How many engines came to each verdict (malicious, suspicious, undetected, harmless, timeout, failure, type-unsupported, confirmed-timeout)."`
	FirstSubmissionDate *date                     `json:"first_submission_date" tfsdk:"first_submission_date" doc:"When it was first submitted, in RFC 3339."`
	LastSubmissionDate  *date                     `json:"last_submission_date" tfsdk:"last_submission_date" doc:"When it was last submitted, in RFC 3339."`
	TimesSubmitted      *int64                    `json:"times_submitted" tfsdk:"times_submitted" doc:"How often it was submitted."`
	UniqueSources       *int64                    `json:"unique_sources" tfsdk:"unique_sources" doc:"How many submitted it."`
}

// match is what VirusTotal says of a file as the subject of a hunting notification.
type match struct {
	NotificationID            *string   `json:"notification_id" tfsdk:"notification_id" doc:"Id of the notification: what is unique, since one file can come up several times."`
	NotificationDate          *date     `json:"notification_date" tfsdk:"notification_date" doc:"When the match was found, in RFC 3339."`
	NotificationSnippet       *string   `json:"notification_snippet" tfsdk:"notification_snippet" doc:"The bytes around the match, in lines."`
	NotificationSourceCountry *string   `json:"notification_source_country" tfsdk:"notification_source_country" doc:"Country that the file was submitted from. Null where VirusTotal does not say."`
	NotificationSourceKey     *string   `json:"notification_source_key" tfsdk:"notification_source_key" doc:"VirusTotal's pseudonym of the submitter. Null where VirusTotal does not say."`
	NotificationTags          []*string `json:"notification_tags" tfsdk:"notification_tags" doc:"Tags of the notification."`
	MatchInSubfile            *bool     `json:"match_in_subfile" tfsdk:"match_in_subfile" doc:"Whether the match is in a file within the file."`
	RuleName                  *string   `json:"rule_name" tfsdk:"rule_name" doc:"Name of the rule that matched."`
	RuleTags                  []*string `json:"rule_tags" tfsdk:"rule_tags" doc:"Tags of the rule."`
	RulesetID                 *string   `json:"ruleset_id" tfsdk:"ruleset_id" doc:"Id of the ruleset that the rule is in."`
	RulesetName               *string   `json:"ruleset_name" tfsdk:"ruleset_name" doc:"Name of the ruleset that the rule is in."`
}

// matchedFile is a file with the match that flagged it.
type matchedFile struct {
	file
	match `json:"-"`
}

// Derive takes the match from the file's context.
func (f *matchedFile) Derive(of virustotal.Identity) error {
	if err := of.Context(&f.match); err != nil {
		return err
	}
	return f.file.Derive(of)
}

// Kind says that a file's id is its SHA-256.
func (*file) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"file"}, Hashes: true} }

// retrohuntJob is a run of YARA rules over the files that VirusTotal has already.
type retrohuntJob struct {
	object
	Corpus                     *string `json:"corpus" tfsdk:"corpus" doc:"What it looks through: main or goodware."`
	Status                     *string `json:"status" tfsdk:"status" doc:"queued, starting, running, aborting, aborted or finished."`
	Rules                      *string `json:"rules" tfsdk:"rules" doc:"The rules, as YARA source."`
	NotificationEmail          *string `json:"notification_email" tfsdk:"notification_email" doc:"Who is told of its end by e-mail."`
	NumMatches                 *int64  `json:"num_matches" tfsdk:"num_matches" doc:"How many files matched."`
	NumMatchesOutsideTimeRange *int64  `json:"num_matches_outside_time_range" tfsdk:"num_matches_outside_time_range" doc:"How many files matched that were submitted outside the time range asked for."`
	Progress                   *number `json:"progress" tfsdk:"progress" doc:"How far it is, in percent."`
	ScannedBytes               *int64  `json:"scanned_bytes" tfsdk:"scanned_bytes" doc:"How many bytes it has looked through."`
	ETASeconds                 *int64  `json:"eta_seconds" tfsdk:"eta_seconds" doc:"How many seconds it has yet to run. Null before it starts and after it ends."`
	CreationDate               *date   `json:"creation_date" tfsdk:"creation_date" doc:"When it was made, in RFC 3339."`
	StartDate                  *date   `json:"start_date" tfsdk:"start_date" doc:"When it started, in RFC 3339. Null before."`
	FinishDate                 *date   `json:"finish_date" tfsdk:"finish_date" doc:"When it ended, in RFC 3339. Null before."`
}

func (*huntingRuleset) Kind() virustotal.Kind {
	return virustotal.Kind{Types: []string{"hunting_ruleset"}}
}

func (*huntingNotification) Kind() virustotal.Kind {
	return virustotal.Kind{Types: []string{"hunting_notification"}}
}

func (*retrohuntJob) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"retrohunt_job"}} }
