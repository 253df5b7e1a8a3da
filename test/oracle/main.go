// The reference for our evaluator: evaluates expressions of the language with the libraries that Packer itself stands
// on, and says what they give. It reads {"variables": …, "expressions": […]} and writes one line of JSON for each
// expression: its value and type, or its diagnostics with their byte ranges.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

type variable struct {
	Type      json.RawMessage `json:"type"`
	Value     json.RawMessage `json:"value"`
	Unknown   bool            `json:"unknown"`
	Sensitive bool            `json:"sensitive"`
}

type request struct {
	Variables   map[string]variable `json:"variables"`
	Expressions []string            `json:"expressions"`
}

type result struct {
	Expression string  `json:"expression"`
	Value      string  `json:"value,omitempty"`
	Type       string  `json:"type,omitempty"`
	Faults     []fault `json:"faults,omitempty"`
}

// Start and End are byte offsets in the expression, of the widest place that is told: subject and context.
type fault struct {
	Title string `json:"title"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

func main() {
	var asked request
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		fail(err)
	}
	scope := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: functions}
	for name, each := range asked.Variables {
		value, err := each.read()
		if err != nil {
			fail(fmt.Errorf("variable %s: %w", name, err))
		}
		scope.Variables[name] = value
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for _, expression := range asked.Expressions {
		if err := lines.Encode(answer(expression, scope)); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func (v variable) read() (cty.Value, error) {
	kind, err := ctyjson.UnmarshalType(v.Type)
	if err != nil {
		return cty.NilVal, err
	}
	value := cty.UnknownVal(kind)
	if !v.Unknown {
		if value, err = ctyjson.Unmarshal(v.Value, kind); err != nil {
			return cty.NilVal, err
		}
	}
	if v.Sensitive {
		value = value.Mark("sensitive")
	}
	return value, nil
}

func answer(text string, scope *hcl.EvalContext) (answered result) {
	answered.Expression = text
	defer func() {
		if bug := recover(); bug != nil {
			answered = result{Expression: text, Faults: []fault{{Title: "PANIC"}}}
		}
	}()
	if rest, isType := strings.CutPrefix(text, "type:"); isType {
		return answerType(answered, rest)
	}
	parse := hclsyntax.ParseExpression
	rest, isTemplate := strings.CutPrefix(text, "template:")
	if isTemplate {
		parse = hclsyntax.ParseTemplate
	}
	expression, faults := parse([]byte(rest), "expression", hcl.InitialPos)
	if faults.HasErrors() {
		answered.Faults = told(faults)
		return answered
	}
	value, faults := expression.Value(scope)
	if faults.HasErrors() {
		answered.Faults = told(faults)
		return answered
	}
	answered.Value = written(value)
	answered.Type = typeexpr.TypeString(value.Type())
	return answered
}

func answerType(answered result, text string) result {
	expression, faults := hclsyntax.ParseExpression([]byte(text), "expression", hcl.InitialPos)
	if !faults.HasErrors() {
		var kind cty.Type
		kind, _, faults = typeexpr.TypeConstraintWithDefaults(expression)
		if !faults.HasErrors() {
			answered.Type = typeexpr.TypeString(kind)
		}
	}
	answered.Faults = told(faults)
	return answered
}

func told(faults hcl.Diagnostics) []fault {
	var all []fault
	for _, each := range faults {
		if each.Severity != hcl.DiagError {
			continue
		}
		place := fault{Title: each.Summary}
		if each.Subject != nil {
			place.Start, place.End = each.Subject.Start.Byte, each.Subject.End.Byte
		}
		if each.Context != nil {
			place.Start = min(place.Start, each.Context.Start.Byte)
			place.End = max(place.End, each.Context.End.Byte)
		}
		all = append(all, place)
	}
	return all
}

// written gives a value in full: its type beside it tells lists from tuples and maps from objects.
func written(value cty.Value) string {
	if value.IsMarked() {
		bare, _ := value.Unmark()
		return "sensitive(" + written(bare) + ")"
	}
	kind := value.Type()
	switch {
	case !value.IsKnown():
		return "unknown"
	case value.IsNull():
		return "null"
	case kind == cty.String:
		return quoted(value.AsString())
	case kind == cty.Number:
		return number(value.AsBigFloat())
	case kind == cty.Bool:
		return fmt.Sprint(value.True())
	case kind.IsMapType() || kind.IsObjectType():
		items := value.AsValueMap()
		keys := make([]string, 0, len(items))
		for key := range items {
			keys = append(keys, key)
		}
		sort.Strings(keys)
		parts := make([]string, 0, len(keys))
		for _, key := range keys {
			parts = append(parts, quoted(key)+": "+written(items[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case kind.IsCapsuleType():
		return "capsule " + kind.FriendlyName()
	default:
		parts := make([]string, 0, value.LengthInt())
		for items := value.ElementIterator(); items.Next(); {
			_, item := items.Element()
			parts = append(parts, written(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
}

func number(value *big.Float) string {
	if value.IsInf() {
		return value.String()
	}
	if value.Sign() == 0 {
		return "0"
	}
	return value.Text('f', -1)
}

func quoted(text string) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		fail(err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}
