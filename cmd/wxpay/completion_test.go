package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBashCompletes runs the script in bash, as the tabulator key does. The
// function _init_completion stands for the package bash-completion.
func TestBashCompletes(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	var script, errs strings.Builder
	if code := run(t.Context(), []string{"completion", "bash"}, &script, &errs); code != 0 {
		t.Fatal(errs.String())
	}
	file := filepath.Join(t.TempDir(), "wxpay.bash")
	if err := os.WriteFile(file, []byte(script.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ words, want string }{
		{"versio", "version"},
		{"call PO", "POST"},
		{"call GET /v3/cert", "/v3/certificates"},
		{"call POST /v3/security/echo echo", "echo_message="},
		{"call GET /v3/bill/tradebill bill_type=RECH", "RECHARGE_REFUND"},
		{"call --no-col", "--no-color"},
		{"papay sign contracts pre-entrust-sign sign_scene=SIGN_SCENE_A", "SIGN_SCENE_APP"},
		{"certifica", "certificates"},
		{"v3 papay sig", "sign"},
	} {
		cmd := exec.CommandContext(t.Context(), bash, "-c", `
			source "$1"
			_init_completion() { words=(wxpay $LINE); cword=$((${#words[@]} - 1)); cur=${words[cword]}; }
			COMP_TYPE=9
			__start_wxpay 2>/dev/null
			printf '%s\n' "${COMPREPLY[@]}"`, "bash", file)
		cmd.Env = append(os.Environ(), "LINE="+tt.words)
		out, err := cmd.CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != tt.want {
			t.Errorf("%s: %q, %v; want %q", tt.words, got, err, tt.want)
		}
	}
}
