// Takes the place of cmd/generate/config/utils/validate.go in a copy of gitleaks: each rule comes by here with its
// samples, and is written as a line of JSON.
package utils

import (
	"encoding/json"
	"os"

	"github.com/zricethezav/gitleaks/v8/cmd/generate/config/base"
	"github.com/zricethezav/gitleaks/v8/config"
)

type allowlist struct {
	Regexes   []string `json:"regexes"`
	Stopwords []string `json:"stopwords"`
	Target    string   `json:"target"`
}

type rule struct {
	ID         string      `json:"id"`
	Regex      string      `json:"regex"`
	HasPath    bool        `json:"hasPath"`
	Entropy    float64     `json:"entropy"`
	Group      int         `json:"group"`
	Keywords   []string    `json:"keywords"`
	Allowlists []allowlist `json:"allowlists"`
	Positives  []string    `json:"positives"`
	Negatives  []string    `json:"negatives"`
}

var lines = json.NewEncoder(os.Stdout)

// The global allowlists come first, as a rule without an id.
func init() {
	write(rule{Allowlists: plain(base.CreateGlobalConfig().Allowlists)})
}

func Validate(r config.Rule, positives []string, negatives []string) *config.Rule {
	one := rule{
		ID: r.RuleID, HasPath: r.Path != nil, Entropy: r.Entropy, Group: r.SecretGroup, Keywords: r.Keywords,
		Allowlists: plain(r.Allowlists), Positives: positives, Negatives: negatives,
	}
	if r.Regex != nil {
		one.Regex = r.Regex.String()
	}
	write(one)
	return &r
}

func ValidateWithPaths(r config.Rule, _ map[string]string, _ map[string]string) *config.Rule {
	return Validate(r, nil, nil)
}

func plain(given []*config.Allowlist) []allowlist {
	result := []allowlist{}
	for _, list := range given {
		one := allowlist{Regexes: []string{}, Stopwords: list.StopWords, Target: list.RegexTarget}
		for _, regex := range list.Regexes {
			one.Regexes = append(one.Regexes, regex.String())
		}
		result = append(result, one)
	}
	return result
}

func write(one rule) {
	if err := lines.Encode(one); err != nil {
		panic(err)
	}
}
