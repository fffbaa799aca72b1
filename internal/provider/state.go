// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"math/big"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// attributes are what a read found, by the names of the attributes that hold it.
type attributes map[string]any

// attributesIn takes a struct apart into its attributes.
func attributesIn(model any) attributes {
	v := reflect.Indirect(reflect.ValueOf(model))
	found := attributes{}
	for _, f := range fieldsOf(v.Type()) {
		found[f.name] = v.FieldByIndex(f.Index).Interface()
	}
	return found
}

// store puts attributes into a state, and leaves what else is in it as it is. It ends early with the context.
//
// The framework's own way, State.Set, reflects on each field of each object several times over. The nouns
// need none of its checks, since schema and value come from the same fields: storing 10,000 comments so
// takes a fraction of the time (BenchmarkStore).
func store(ctx context.Context, state *tfsdk.State, found attributes) error {
	var all map[string]tftypes.Value
	if err := state.Raw.As(&all); err != nil {
		return err
	}
	for name, value := range found {
		all[name] = newEncoder(ctx, reflect.TypeOf(value)).value(reflect.ValueOf(value))
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	state.Raw = tftypes.NewValue(state.Raw.Type(), all)
	return nil
}

// An encoder makes Terraform's values of one Go type. It is made once for all the elements of a collection. Once its
// context has ended, what it makes is not whole.
type encoder struct {
	ctx    context.Context
	typ    tftypes.Type
	elem   *encoder  // Of a pointer, a map or a slice.
	fields []encoded // Of a struct.
}

type encoded struct {
	field
	encoder *encoder
}

func newEncoder(ctx context.Context, t reflect.Type) *encoder {
	e := &encoder{ctx: ctx, typ: typeOf(t).TerraformType(ctx)}
	switch {
	case isLeaf(t):
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Slice, t.Kind() == reflect.Map:
		e.elem = newEncoder(ctx, t.Elem())
	case t.Kind() == reflect.Struct:
		for _, f := range fieldsOf(t) {
			e.fields = append(e.fields, encoded{f, newEncoder(ctx, f.Type)})
		}
	}
	return e
}

func (e *encoder) value(v reflect.Value) tftypes.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return e.elem.value(v.Elem())
		}
	case reflect.Map:
		if !v.IsNil() {
			elements := make(map[string]tftypes.Value, v.Len())
			for key, element := range v.Seq2() {
				elements[key.String()] = e.elem.value(element)
			}
			return tftypes.NewValue(e.typ, elements)
		}
	case reflect.Slice:
		if !v.IsNil() {
			elements := make([]tftypes.Value, 0, v.Len())
			for _, element := range v.Seq2() {
				if e.ctx.Err() != nil {
					break
				}
				elements = append(elements, e.elem.value(element))
			}
			return tftypes.NewValue(e.typ, elements)
		}
	case reflect.Bool:
		return tftypes.NewValue(e.typ, v.Bool())
	case reflect.Int64:
		return tftypes.NewValue(e.typ, v.Int())
	case reflect.String:
		return tftypes.NewValue(e.typ, v.String())
	case reflect.Struct:
		if n, ok := v.Interface().(number); ok {
			return tftypes.NewValue(e.typ, (*big.Float)(&n))
		}
		attributes := make(map[string]tftypes.Value, len(e.fields))
		for _, f := range e.fields {
			attributes[f.name] = f.encoder.value(v.FieldByIndex(f.Index))
		}
		return tftypes.NewValue(e.typ, attributes)
	}
	return tftypes.NewValue(e.typ, nil)
}
