// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

// A server is the framework's server, but returns a data source's state as Read encoded it.
//
// The framework would build a tree of values, copy it, compare it with the configuration, convert it and encode it.
// That takes most of the time and memory of reading 5,000 members (BenchmarkRead), and is needed only for types with
// custom equality, which this provider does not have.
//
// server embeds an interface, so it hides the optional interfaces that the framework's server also implements, such as
// those for actions. The provider has nothing that they serve.
type server struct{ tfprotov6.ProviderServer }

// NewServer returns the protocol server of the provider, which Terraform talks to. See [New] for the arguments.
func NewServer(version string, getenv func(name string) string) tfprotov6.ProviderServer {
	return server{providerserver.NewProtocol6(New(version, getenv))()}
}

// stateKey is the context key of the *[]byte in which Read stores the encoded state.
type stateKey struct{}

func (s server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	var state []byte
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, stateKey{}, &state), req)
	if state != nil && err == nil {
		resp.State = &tfprotov6.DynamicValue{MsgPack: state}
	}
	return resp, err
}

// setState sets the state of a data source: encoded if a server waits for it, otherwise in the response, so that the
// provider also works with the framework's own server.
func setState(ctx context.Context, resp *datasource.ReadResponse, config tfsdk.Config, values attributes) error {
	state, err := encode(ctx, config, values)
	if err != nil {
		return err
	}
	if encoded, ok := ctx.Value(stateKey{}).(*[]byte); ok {
		*encoded = state
		return nil
	}
	resp.State.Raw, err = tfprotov6.DynamicValue{MsgPack: state}.Unmarshal(config.Raw.Type())
	return err
}

// Serve serves the provider to the CLI that started the process, until the CLI ends it. With debug, it waits for a
// debugger and prints the value for TF_REATTACH_PROVIDERS.
func Serve(version string, debug bool) error {
	// net/http logs the first bytes of unsolicited responses, which may contain anything. The provider and the other
	// libraries do not use the standard logger.
	log.SetOutput(io.Discard)
	if !logsEnabled(os.Environ()) {
		if err := os.Setenv("TF_LOG_SDK", "off"); err != nil {
			return err
		}
	}
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	create := func() tfprotov6.ProviderServer { return NewServer(version, os.Getenv) }
	return tf6server.Serve("registry.terraform.io/virustotal/virustotal", create, options...)
}

// logsEnabled reports whether an environment variable enables logs. Otherwise, Serve turns off the plugin SDK's logs:
// the SDK formats TRACE lines for each call even then, which takes a third of the provider's CPU time in a plan with
// hundreds of reads.
func logsEnabled(variables []string) bool {
	return slices.ContainsFunc(variables, func(variable string) bool { return strings.HasPrefix(variable, "TF_LOG") })
}

// encode returns the state in Terraform's MessagePack encoding. Attributes that are not in values keep their configured
// values. It returns ctx.Err() if ctx is done first.
func encode(ctx context.Context, config tfsdk.Config, values attributes) ([]byte, error) {
	var configured map[string]tftypes.Value
	if err := config.Raw.As(&configured); err != nil {
		return nil, err
	}
	for name := range values {
		if _, ok := configured[name]; !ok {
			return nil, fmt.Errorf("the schema has no attribute %s", name)
		}
	}
	var state bytes.Buffer
	enc := msgpack.NewEncoder(&state)
	err := enc.EncodeMapLen(len(configured))
	for name, value := range configured {
		err = errors.Join(err, enc.EncodeString(name))
		if model, ok := values[name]; ok {
			err = errors.Join(err, newEncoder(ctx, reflect.TypeOf(model)).encode(enc, reflect.ValueOf(model)))
			continue
		}
		encoded, invalid := tfprotov6.NewDynamicValue(value.Type(), value)
		state.Write(encoded.MsgPack)
		err = errors.Join(err, invalid)
	}
	return state.Bytes(), err
}

// An encoder encodes values of one Go type. All elements of a collection share one encoder.
type encoder struct {
	ctx    context.Context
	elem   *encoder       // For a pointer, map or slice.
	fields []fieldEncoder // For a struct.
}

type fieldEncoder struct {
	field
	encoder *encoder
}

func newEncoder(ctx context.Context, t reflect.Type) *encoder {
	e := &encoder{ctx: ctx}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		e.elem = newEncoder(ctx, t.Elem())
	case reflect.Struct:
		for _, f := range fieldsOf(t) {
			e.fields = append(e.fields, fieldEncoder{f, newEncoder(ctx, f.Type)})
		}
	}
	return e
}

func (e *encoder) encode(enc *msgpack.Encoder, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Bool:
		return enc.EncodeBool(v.Bool())
	case reflect.Int64:
		return enc.EncodeInt(v.Int())
	case reflect.String:
		return enc.EncodeString(v.String())
	case reflect.Struct:
		err := enc.EncodeMapLen(len(e.fields))
		for _, f := range e.fields {
			err = errors.Join(err, enc.EncodeString(f.name), f.encoder.encode(enc, v.FieldByIndex(f.Index)))
		}
		return err
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if v.IsNil() {
			return enc.EncodeNil()
		}
		return e.encodeElements(enc, v)
	default:
		return fmt.Errorf("%s is not a supported attribute type", v.Type())
	}
}

func (e *encoder) encodeElements(enc *msgpack.Encoder, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Map:
		err := enc.EncodeMapLen(v.Len())
		for key, element := range v.Seq2() {
			err = errors.Join(err, enc.EncodeString(key.String()), e.elem.encode(enc, element))
		}
		return err
	case reflect.Slice:
		err := enc.EncodeArrayLen(v.Len())
		for i := 0; i < v.Len() && err == nil; i++ {
			err = errors.Join(e.ctx.Err(), e.elem.encode(enc, v.Index(i)))
		}
		return err
	default:
		return e.elem.encode(enc, v.Elem())
	}
}
