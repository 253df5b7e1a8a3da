// A plugin on today's SDK, for tests: a provisioner that tells what it got, and a data source that yields a value of
// every kind. Build it with `go build`, and name the binary in INGOT_TEST_GO_PLUGIN.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/packer-plugin-sdk/packer"
	"github.com/hashicorp/packer-plugin-sdk/plugin"
	"github.com/hashicorp/packer-plugin-sdk/version"
	"github.com/zclconf/go-cty/cty"
)

func spec() hcldec.ObjectSpec {
	return hcldec.ObjectSpec{
		"s":   &hcldec.AttrSpec{Name: "s", Type: cty.String, Required: true},
		"b":   &hcldec.AttrSpec{Name: "b", Type: cty.Bool},
		"n":   &hcldec.AttrSpec{Name: "n", Type: cty.Number},
		"ls":  &hcldec.AttrSpec{Name: "ls", Type: cty.List(cty.String)},
		"lls": &hcldec.AttrSpec{Name: "lls", Type: cty.List(cty.List(cty.String))},
		"ms":  &hcldec.AttrSpec{Name: "ms", Type: cty.Map(cty.String)},
		"blk": &hcldec.BlockSpec{TypeName: "blk", Nested: hcldec.ObjectSpec{"x": &hcldec.AttrSpec{Name: "x", Type: cty.String}}},
		"bl":  &hcldec.BlockListSpec{TypeName: "bl", Nested: hcldec.ObjectSpec{"y": &hcldec.AttrSpec{Name: "y", Type: cty.Number}}},
	}
}

type P struct{ seen []interface{} }

func (p *P) ConfigSpec() hcldec.ObjectSpec { return spec() }
func (p *P) Prepare(raws ...interface{}) error {
	p.seen = raws
	for _, r := range raws {
		if v, ok := r.(cty.Value); ok && v.GetAttr("s").AsString() == "bad" {
			return errors.New("s is bad")
		}
	}
	return nil
}
func (p *P) Provision(ctx context.Context, ui packer.Ui, c packer.Communicator, data map[string]interface{}) error {
	for _, r := range p.seen {
		j, err := json.Marshal(norm(r))
		ui.Say(fmt.Sprintf("%T %s %v", r, j, err))
	}
	j, _ := json.Marshal(data)
	ui.Say("data " + string(j))
	a, err := ui.Ask("who?")
	ui.Say(fmt.Sprint("answer ", a, err))
	cmd := &packer.RemoteCmd{Command: "echo hi"}
	if err := cmd.RunWithUi(ctx, c, ui); err != nil {
		return err
	}
	ui.Say(fmt.Sprint("status ", cmd.ExitStatus()))
	return nil
}
func norm(r interface{}) interface{} {
	if m, ok := r.(map[interface{}]interface{}); ok {
		o := map[string]interface{}{}
		for k, v := range m {
			o[fmt.Sprint(k)] = v
		}
		return o
	}
	if v, ok := r.(cty.Value); ok {
		return v.GoString()
	}
	return r
}

// D yields a value of every kind, whatever it is configured with.
type D struct{ fail bool }

func (d *D) ConfigSpec() hcldec.ObjectSpec { return spec() }
func (d *D) OutputSpec() hcldec.ObjectSpec { return spec() }
func (d *D) Configure(raws ...interface{}) error {
	for _, r := range raws {
		if v, ok := r.(cty.Value); ok {
			d.fail = v.GetAttr("s").AsString() == "fail"
		}
	}
	return nil
}
func (d *D) Execute() (cty.Value, error) {
	if d.fail {
		return cty.NullVal(cty.EmptyObject), errors.New("nothing found")
	}
	y := cty.Object(map[string]cty.Type{"y": cty.Number})
	return cty.ObjectVal(map[string]cty.Value{
		"s":   cty.StringVal("zwölf"),
		"b":   cty.True,
		"n":   cty.MustParseNumberVal("-12345678901234567890.125"),
		"ls":  cty.ListValEmpty(cty.String),
		"lls": cty.ListVal([]cty.Value{cty.ListVal([]cty.Value{cty.StringVal("x")})}),
		"ms":  cty.MapVal(map[string]cty.Value{"k": cty.StringVal("v")}),
		"blk": cty.NullVal(cty.Object(map[string]cty.Type{"x": cty.String})),
		"bl":  cty.ListVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"y": cty.Zero}), cty.NullVal(y)}),
	}), nil
}

func main() {
	pps := plugin.NewSet()
	pps.RegisterDatasource("every", new(D))
	pps.RegisterProvisioner(plugin.DEFAULT_NAME, new(P))
	pps.SetVersion(version.NewPluginVersion("1.2.3", "dev", ""))
	if err := pps.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
