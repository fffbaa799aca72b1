// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"cmp"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// derived records what its Derive is called with.
type derived struct {
	ID   string `json:"-"`
	Role string `json:"-"`
	By   string `json:"-"`
}

func (d *derived) Derive(of virustotal.Identity) error {
	d.ID = of.ID
	var context struct {
		Role string `json:"role"`
	}
	var relationships struct {
		User struct {
			Data struct {
				ID string `json:"id"`
			} `json:"data"`
		} `json:"user"`
	}
	err := cmp.Or(of.Context(&context), of.Relationships(&relationships))
	d.Role, d.By = context.Role, relationships.User.Data.ID
	return err
}

func (*derived) Kind() virustotal.Kind {
	return virustotal.Kind{Types: []string{"thing", "other thing"}}
}

func TestDerive(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]derived{
		`{"id":"a","attributes":{},"context_attributes":{"role":"x"}}`:            {ID: "a", Role: "x"},
		`{"id":"a","attributes":{},"context_attributes":null,"type":"thing"}`:     {ID: "a"},
		`{"id":"a","attributes":{},"relationships":{"user":{"data":{"id":"b"}}}}`: {ID: "a", By: "b"},
		`{"id":"a","attributes":{}}`:                                              {ID: "a"},
		`{"id":"a","type":"other thing"}`:                                         {ID: "a"},
		`{"id":"a","relationships":null}`:                                         {ID: "a"},
	} {
		found, err := virustotal.Get[derived](t.Context(), client(t, answering(200, "application/json", `{"data":`+sent+`}`)), nil, "x")
		if err != nil || *found.Attributes != want {
			t.Errorf("%s: %v, %v", sent, found, err)
		}
	}
}

// TestUnexpectedObjects checks that objects of another type, with a wrong ID or with a malformed context are errors.
func TestUnexpectedObjects(t *testing.T) {
	t.Parallel()
	key := vttest.New().Key(vttest.SecurityHead)
	foreign := strings.Repeat("0f", 32)
	for sent, want := range map[string]string{
		`{"id":"a","type":"file","attributes":{}}`:                   `an object of type "file"`,
		`{"id":"a","type":"file"}`:                                   `an object of type "file"`,
		`{"id":"` + foreign + `","attributes":{}}`:                   "an object whose ID looks like an API key",
		`{"id":"` + foreign + `"}`:                                   "an object whose ID looks like an API key",
		`{"id":"` + foreign + `","error":{"code":"x"}}`:              "an object whose ID looks like an API key",
		`{"id":"a","attributes":{"x":1},"context_attributes":5}`:     `"context_attributes" of "a" has the wrong type`,
		`{"id":"a","attributes":{},"context_attributes":{"role":5}}`: `"context_attributes.role" of "a" has the wrong type`,
	} {
		c := client(t, answering(200, "application/json", `{"data":`+sent+`}`))
		list := client(t, answering(200, "application/json", `{"data":[`+sent+`]}`))
		_, one := virustotal.Get[derived](t.Context(), c, nil, "x")
		_, optional := virustotal.GetOptional[derived](t.Context(), c, nil, "x")
		for _, err := range []error{one, optional, pagesError[derived](t, list)} {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), foreign) {
				t.Errorf("%s: %v, want %q", sent, err, want)
			}
		}
	}

	// Files have hashes as IDs, which look like API keys. The client's own key is rejected even there.
	for id, taken := range map[string]bool{foreign: true, key: false} {
		c := client(t, answering(200, "application/json", `{"data":[{"id":"`+id+`","type":"file","attributes":{}}]}`))
		if err := pagesError[hashed](t, c); (err == nil) != taken {
			t.Errorf("%s: %v", id, err)
		}
	}

	for id, taken := range map[string]bool{"acme": true, "ACME": true, "bobs": false, "acme2": false} {
		c := client(t, answering(200, "application/json", `{"data":{"id":"`+id+`","attributes":{}}}`))
		if _, err := virustotal.GetByID[user](t.Context(), c, nil, "groups", "acme"); (err == nil) != taken {
			t.Errorf("%q for acme: %v", id, err)
		}
	}
}

type hashed struct{}

func (*hashed) Kind() virustotal.Kind { return virustotal.Kind{Types: []string{"file"}, Hashes: true} }
