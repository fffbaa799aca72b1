// SPDX-License-Identifier: MPL-2.0

package provider

import "github.com/virustotal/terraform-provider-virustotal/internal/virustotal"

// huntingRuleset is a set of YARA rules that Livehunt applies to new files.
type huntingRuleset struct {
	identified
	Name                   *string   `json:"name" doc:"Name of the ruleset."`
	Enabled                *bool     `json:"enabled" doc:"Whether the ruleset is enabled."`
	Limit                  *int64    `json:"limit" doc:"Maximum number of notifications per 24 hours."`
	Rules                  *string   `json:"rules" doc:"Rules as YARA source."`
	RuleNames              []*string `json:"rule_names" doc:"Names of the rules."`
	NumberOfRules          *int64    `json:"number_of_rules" doc:"Number of rules."`
	NotificationEmails     []*string `json:"notification_emails" doc:"E-mail addresses that are notified of matches."`
	MatchObjectType        *string   `json:"match_object_type" doc:"Type of object that the rules match: [file], [url], [domain] or [ip]."`
	CreationDate           *date     `json:"creation_date" doc:"When the ruleset was created."`
	ModificationDate       *date     `json:"modification_date" doc:"When the ruleset was last modified."`
	ScheduledDisableDate   *date     `json:"scheduled_disable_date" doc:"When VirusTotal will disable the ruleset. Null if it will not."`
	ScheduledDisableReason *string   `json:"scheduled_disable_reason" doc:"Why VirusTotal will disable the ruleset."`
	RateLimited            *bool     `json:"rate_limited" doc:"Whether VirusTotal has temporarily disabled the ruleset because it reached its daily limit."`
	RateLimitedRatio       *number   `json:"rate_limited_ratio" doc:"Fraction of the last 24 hours in which the ruleset was rate limited, from 0 to 1."`
	Tags                   []*string `json:"tags" doc:"Tags of the ruleset."`
}

// huntingNotification reports a match of a Livehunt rule.
type huntingNotification struct {
	identified
	Date           *date     `json:"date" doc:"When the match was found."`
	RuleName       *string   `json:"rule_name" doc:"Name of the rule that matched."`
	RuleTags       []*string `json:"rule_tags" doc:"Tags of the rule."`
	Tags           []*string `json:"tags" doc:"Tags of the notification."`
	Snippet        *string   `json:"snippet" doc:"Bytes around the match."`
	MatchInSubfile *bool     `json:"match_in_subfile" doc:"Whether the match is in a file within the file."`
	SourceCountry  *string   `json:"source_country" doc:"Country that the file was submitted from. Null if VirusTotal does not say."`
	SourceKey      *string   `json:"source_key" doc:"VirusTotal's pseudonym for the submitter. Null if VirusTotal does not say."`
}

// file is a file in VirusTotal's dataset, with a few of its attributes. All attributes can be hundreds of kilobytes.
type file struct {
	identified
	SHA256              *string                   `json:"sha256" doc:"SHA-256 of the file."`
	SHA1                *string                   `json:"sha1" doc:"SHA-1 of the file."`
	MD5                 *string                   `json:"md5" doc:"MD5 of the file."`
	Size                *int64                    `json:"size" doc:"Size in bytes."`
	MeaningfulName      *string                   `json:"meaningful_name" doc:"Most meaningful name of the file."`
	Names               []*string                 `json:"names" doc:"Names that the file was submitted under."`
	TypeTag             *string                   `json:"type_tag" doc:"Type of the file as a tag, such as [peexe]."`
	TypeDescription     *string                   `json:"type_description" doc:"Type of the file in words."`
	Tags                []*string                 `json:"tags" doc:"Tags of the file."`
	Reputation          *int64                    `json:"reputation" doc:"Score from the community's votes. It can be negative."`
	LastAnalysisStats   virustotal.ByName[*int64] `json:"last_analysis_stats" doc:"Number of engines by verdict, such as [malicious] or [undetected]."`
	FirstSubmissionDate *date                     `json:"first_submission_date" doc:"When the file was first submitted."`
	LastSubmissionDate  *date                     `json:"last_submission_date" doc:"When the file was last submitted."`
	TimesSubmitted      *int64                    `json:"times_submitted" doc:"Number of submissions."`
	UniqueSources       *int64                    `json:"unique_sources" doc:"Number of distinct submitters."`
}

// match has the context attributes of a file in hunting_notification_files.
type match struct {
	NotificationID            *string   `json:"notification_id" doc:"ID of the notification. Unlike [id], it is unique: a file can be in several notifications."`
	NotificationDate          *date     `json:"notification_date" doc:"When the match was found."`
	NotificationSnippet       *string   `json:"notification_snippet" doc:"Bytes around the match."`
	NotificationSourceCountry *string   `json:"notification_source_country" doc:"Country that the file was submitted from. Null if VirusTotal does not say."`
	NotificationSourceKey     *string   `json:"notification_source_key" doc:"VirusTotal's pseudonym for the submitter. Null if VirusTotal does not say."`
	NotificationTags          []*string `json:"notification_tags" doc:"Tags of the notification."`
	MatchInSubfile            *bool     `json:"match_in_subfile" doc:"Whether the match is in a file within the file."`
	RuleName                  *string   `json:"rule_name" doc:"Name of the rule that matched."`
	RuleTags                  []*string `json:"rule_tags" doc:"Tags of the rule."`
	RulesetID                 *string   `json:"ruleset_id" doc:"ID of the ruleset that the rule is in."`
	RulesetName               *string   `json:"ruleset_name" doc:"Name of the ruleset that the rule is in."`
}

// matchedFile is a file with the match that a notification reports.
type matchedFile struct {
	file
	match `json:"-"`
}

// Derive also decodes the match, from the context attributes.
func (f *matchedFile) Derive(identity virustotal.Identity) error {
	if err := identity.Context(&f.match); err != nil {
		return err
	}
	return f.file.Derive(identity)
}

// Kind allows SHA-256 hashes as IDs.
func (*file) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"file"}, Hashes: true} }

// retrohuntJob applies YARA rules to files that VirusTotal already has.
type retrohuntJob struct {
	identified
	Corpus                     *string    `json:"corpus" doc:"Files that the job searches: [main] or [goodware]."`
	Status                     *string    `json:"status" doc:"Status of the job: [queued], [starting], [running], [aborting], [aborted] or [finished]."`
	Rules                      *string    `json:"rules" doc:"Rules as YARA source."`
	NotificationEmail          *string    `json:"notification_email" doc:"E-mail address that is notified when the job ends."`
	NumMatches                 *int64     `json:"num_matches" doc:"Number of files that matched."`
	NumMatchesOutsideTimeRange *int64     `json:"num_matches_outside_time_range" doc:"Number of files that matched and were submitted outside [time_range]."`
	Progress                   *number    `json:"progress" doc:"Progress in percent."`
	ScannedBytes               *int64     `json:"scanned_bytes" doc:"Number of bytes that were searched."`
	ETASeconds                 *int64     `json:"eta_seconds" doc:"Estimated seconds until the job ends. Null before it starts and after it ends."`
	CreationDate               *date      `json:"creation_date" doc:"When the job was created."`
	StartDate                  *date      `json:"start_date" doc:"When the job started. Null before that."`
	FinishDate                 *date      `json:"finish_date" doc:"When the job ended. Null before that."`
	TimeRange                  *timeRange `json:"time_range" doc:"Range of submission dates that the job searches. Null if it has none."`
}

type timeRange struct {
	Start *date `json:"start" doc:"Start of the range."`
	End   *date `json:"end" doc:"End of the range."`
}

func (*huntingRuleset) Kind() virustotal.Kind {
	return virustotal.Kind{Types: []string{"hunting_ruleset"}}
}

func (*huntingNotification) Kind() virustotal.Kind {
	return virustotal.Kind{Types: []string{"hunting_notification"}}
}

func (*retrohuntJob) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"retrohunt_job"}} }
