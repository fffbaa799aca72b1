// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// activityLogEntry is an entry of a group's activity log, such as an added member.
type activityLogEntry struct {
	identified
	Date        *date   `json:"-" tfsdk:"date" doc:"When the action was performed."`
	Action      *string `json:"action" doc:"Action, such as [ADD_GROUP_USER] or [DELETE_GROUP_ADMIN]."`
	IP          *string `json:"ip" doc:"IP address of the account that performed the action."`
	User        *string `json:"-" tfsdk:"user" doc:"Account that the action affected. Null if VirusTotal sends none."`
	PerformedBy *string `json:"-" tfsdk:"performed_by" doc:"Account that performed the action. Null if VirusTotal sends none."`
	TargetType  *string `json:"-" tfsdk:"target_type" doc:"Type of what was acted on, such as a tenant. Null if VirusTotal sends none."`
	TargetID    *string `json:"-" tfsdk:"target_id" doc:"ID of what was acted on. Null if VirusTotal sends none."`

	SentDate *entryDate `json:"date" tfsdk:"-"`
	Info     struct {
		User *string `json:"user"`
	} `json:"info" tfsdk:"-"`
}

func (*activityLogEntry) Kind() virustotal.Kind {
	return virustotal.Kind{Types: []string{"activity_log_entry"}}
}

// A descriptor refers to a related object, or to none.
type descriptor struct {
	Data *struct {
		Type *string `json:"type"`
		ID   *string `json:"id"`
	} `json:"data"`
}

// Derive also sets the attributes from relationships, which VirusTotal sends if they are requested.
func (e *activityLogEntry) Derive(identity virustotal.Identity) error {
	var relationships struct {
		User   descriptor `json:"user"`
		Target descriptor `json:"target"`
	}
	if err := identity.Relationships(&relationships); err != nil {
		return err
	}
	e.Date, e.User = (*date)(e.SentDate), e.Info.User
	if performer := relationships.User.Data; performer != nil {
		e.PerformedBy = performer.ID
	}
	if on := relationships.Target.Data; on != nil {
		e.TargetType, e.TargetID = on.Type, on.ID
	}
	accounts := []*string{e.User, e.PerformedBy}
	if e.TargetType == nil || *e.TargetType != "file" { // The ID of a file is a SHA-256 hash.
		accounts = append(accounts, e.TargetID)
	}
	for _, id := range accounts {
		if id != nil && len(*id) > maxID {
			return &virustotal.DataError{Problem: fmt.Sprintf("VirusTotal sent an entry with an ID of %d bytes, and the maximum is %d", len(*id), maxID)}
		}
		if id != nil && virustotal.IsKey(*id) {
			return &virustotal.DataError{Problem: "VirusTotal sent an entry with an ID that looks like an API key"}
		}
	}
	return e.identified.Derive(identity)
}

// entryDate is a date that VirusTotal's documentation shows as a string in one place and as a number in another.
type entryDate date

// dateLayouts are the accepted layouts of a date string, as in [time.Parse].
var dateLayouts = []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime, time.DateOnly}

func (d *entryDate) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	if value.Kind() != '"' {
		return json.Unmarshal(value, (*date)(d), dec.Options())
	}
	var text string
	if err := json.Unmarshal(value, &text, dec.Options()); err != nil {
		return err
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, text); err == nil && t.UTC().Year() >= 0 && t.UTC().Year() <= 9999 {
			*d = entryDate(t.UTC().Format(time.RFC3339))
			return nil
		}
	}
	if json.Unmarshal([]byte(text), (*date)(d), dec.Options()) != nil { // A string of digits.
		return virustotal.WrongType[date](value)
	}
	return nil
}
