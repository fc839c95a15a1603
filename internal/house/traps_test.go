package house

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// traps is how many traps of the protocol are known. Each is described where
// its test is; the numbers are those of the collection that the project began
// with.
const traps = 32

var (
	trapTest   = regexp.MustCompile(`(?m)^func Test(Trap\w+)\(`)
	trapNumber = regexp.MustCompile(`(?:Trap|And)(\d\d)`)
)

// TestEveryTrapHasATest holds that each known trap is named by a test.
func TestEveryTrapHasATest(t *testing.T) {
	t.Parallel()
	found := map[int][]string{}
	err := filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range trapTest.FindAllStringSubmatch(string(src), -1) {
			for _, n := range trapNumber.FindAllStringSubmatch(m[1], -1) {
				i, _ := strconv.Atoi(n[1])
				found[i] = append(found[i], m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i <= traps; i++ {
		if len(found[i]) == 0 {
			t.Errorf("no test is named Trap%02d", i)
		}
	}
}
