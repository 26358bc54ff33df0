package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// importRule says what a part of the program may import of the rest of it. A test enforces it because nobody notices
// the first import that crosses a line.
type importRule struct {
	part string // the package and all below it, relative to the module
	may  []string
	why  string
}

// importRules: the longest part that a package belongs to counts. "engine/…" is everything below engine, "engine" is the
// package alone; a package may always import what lies below its own part.
var importRules = []importRule{
	{"cmd/haneul", []string{"engine/…", "engine", "labs/…", "labs", "lessons/…", "lessons", "content"}, "the command wires everything"},
	{"cmd/haneul-guest", []string{"engine/compute/…"}, "the guest is a small program"},
	{"content", nil, "content is data"},
	{"lessons", []string{"content"}, "lessons are text, whatever the cloud does"},
	{"labs", []string{"content", "engine", "engine/admin", "engine/awscli", "engine/wire/sigv4"}, "a lab is a client of the cloud"},
	{"engine", []string{"engine/…"}, "the cloud knows nothing of courses and screens"},
	{"engine/emu", []string{"engine/codec"}, "the kernel knows no service and no wire"},
	{"engine/codec", nil, "the codec knows types only"},
	{"engine/admin", nil, "the client of the admin API must be light"},
	{"engine/wire", []string{"engine/emu", "engine/codec"}, "the wire reads tables of operations, never a service"},
	{"engine/awscli", []string{"engine/emu", "engine/codec", "engine/wire/sigv4"}, "the built-in aws is made from tables of operations"},
	{"engine/clienttest", []string{"engine", "engine/admin"}, "real clients know the cloud from outside"},
	{"engine/compute", nil, "instances are containers, whatever service wants them"},
	{"engine/compute/guest", []string{"engine/compute", "engine/compute/tunnel", "engine/awscli", "engine/emu"}, "the aws in an instance is the built-in one, without a service in it"},
}

// serviceRule is for every package directly below engine that has no rule of its own, and for what lies below it.
var serviceRule = importRule{may: []string{"engine/emu", "engine/codec", "engine/compute"}, why: "services meet in engine/links.go, through interfaces, and only there"}

// foreignRules keep other people's code out of where it does not belong.
var foreignRules = []importRule{
	{"engine", []string{"charm.land", "github.com/charmbracelet"}, "the cloud has no screen"},
	{"engine/emu", []string{"."}, "the kernel is ours and the standard library's"},
	{"engine/codec", []string{"."}, "as the kernel"},
	{"lessons", []string{"charm.land/bubbletea"}, "lessons are shown by others"},
}

// impure are the parts of the standard library that a service must not import: with them, the same call could come to
// something else the next time.
var impure = []string{"os", "sync/atomic", "net", "math/rand", "crypto/rand", "runtime", "unsafe", "syscall", "io/ioutil", "log", "testing", "plugin"}

// pure are the exceptions.
var pure = []string{"net/netip", "net/url"}

type listed struct {
	ImportPath, Dir, Export string
	GoFiles, Imports        []string
	Module                  *struct{ Path string }
}

// packages lists the module's packages; and with -export and -deps, every package they use, compiled.
func packages(t *testing.T, flags ...string) (ours []*listed, all map[string]*listed) {
	t.Helper()
	cmd := exec.Command("go", slices.Concat([]string{"list", "-e", "-json=ImportPath,Dir,Export,GoFiles,Imports,Module"}, flags, []string{"./..."})...)
	cmd.Dir = ".."
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	all = map[string]*listed{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := d.Decode(p); err == io.EOF {
			return ours, all
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
		if p.Module != nil && p.Module.Path == "haneul" {
			ours = append(ours, p)
		}
	}
}

func below(path, part string) bool { return path == part || strings.HasPrefix(path, part+"/") }

// ruleFor is the rule of the longest part that a package belongs to.
func ruleFor(path string) importRule {
	var best importRule
	for _, r := range importRules {
		if below(path, r.part) && len(r.part) > len(best.part) {
			best = r
		}
	}
	if best.part == "engine" && path != "engine" {
		return asService(path)
	}
	return best
}

func asService(path string) importRule {
	r := serviceRule
	r.part = strings.Join(strings.Split(path, "/")[:2], "/")
	return r
}

func (r importRule) allows(path string) bool {
	if r.part != "" && below(path, r.part) {
		return true
	}
	for _, may := range r.may {
		if whole, ok := strings.CutSuffix(may, "/…"); ok && strings.HasPrefix(path, whole+"/") || may == path {
			return true
		}
	}
	return false
}

func TestWhoMayImportWhom(t *testing.T) {
	ours, _ := packages(t)
	for _, p := range ours {
		path := strings.TrimPrefix(p.ImportPath, "haneul/")
		rule := ruleFor(path)
		if rule.part == "" {
			t.Errorf("%s belongs to no part of the program: give it a rule", path)
		}
		for _, imported := range p.Imports {
			ourOwn, ok := strings.CutPrefix(imported, "haneul/")
			if ok && ourOwn != path && !rule.allows(ourOwn) {
				t.Errorf("%s imports %s: %s", path, ourOwn, rule.why)
			}
			if !ok {
				foreign(t, path, imported)
			}
		}
	}
}

// foreign checks an import from outside the module. The first element of a path outside the standard library has a dot.
func foreign(t *testing.T, path, imported string) {
	first, _, _ := strings.Cut(imported, "/")
	for _, r := range foreignRules {
		for _, banned := range r.may {
			if below(path, r.part) && strings.Contains(first, ".") && (banned == "." || strings.HasPrefix(imported, banned)) {
				t.Errorf("%s imports %s: %s", path, imported, r.why)
			}
		}
	}
}

// TestScreensKeepApart: a screen never imports another; they are pushed and popped by messages.
func TestScreensKeepApart(t *testing.T) {
	ours, _ := packages(t)
	shared := []string{"screen", "widget", "reach"}
	for _, p := range ours {
		name, ok := strings.CutPrefix(p.ImportPath, "haneul/cmd/haneul/tui/")
		if !ok {
			continue
		}
		for _, imported := range p.Imports {
			if other, ok := strings.CutPrefix(imported, "haneul/cmd/haneul/tui/"); ok && other != name && !slices.Contains(shared, other) {
				t.Errorf("screen %s imports screen %s", name, other)
			}
		}
	}
}

// TestServicesAreDeterministic reads the services' code for what would make the same call come to something else: clocks,
// chance, goroutines, the order of maps, and state outside of tables.
func TestServicesAreDeterministic(t *testing.T) {
	ours, all := packages(t, "-export", "-deps")
	fset := token.NewFileSet()
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(all[path].Export) })
	checked := 0
	for _, p := range ours {
		path := strings.TrimPrefix(p.ImportPath, "haneul/")
		if rule := ruleFor(path); rule.why != serviceRule.why {
			continue
		}
		checked++
		r := reading{t: t, fset: fset, info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{},
		}}
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			r.files = append(r.files, f)
		}
		conf := types.Config{Importer: imports}
		pkg, err := conf.Check(p.ImportPath, fset, r.files, r.info)
		if err != nil {
			t.Error(err)
			continue
		}
		r.pkg = pkg
		r.read()
	}
	if checked < 3 {
		t.Errorf("only %d packages were read", checked)
	}
}

// reading goes through one package.
type reading struct {
	t     *testing.T
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
	pkg   *types.Package
}

func (r *reading) fault(n ast.Node, format string, args ...any) {
	r.t.Helper()
	at := r.fset.Position(n.Pos())
	dir, file := filepath.Split(at.Filename)
	r.t.Errorf("%s:%d: %s", filepath.Join(filepath.Base(dir), file), at.Line, fmt.Sprintf(format, args...))
}

func (r *reading) read() {
	for _, f := range r.files {
		for _, spec := range f.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			for _, bad := range impure {
				if below(path, bad) && !slices.Contains(pure, path) {
					r.fault(spec, "a service must not import %s", path)
				}
			}
		}
		ast.Inspect(f, func(n ast.Node) bool { r.node(n); return true })
	}
}

func (r *reading) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if n.Name.Name == "init" && n.Recv == nil {
			r.fault(n, "init: services are wired in one place, engine.New")
		}
	case *ast.GoStmt:
		r.fault(n, "a service starts no goroutine: use emu.External or an effect")
	case *ast.SelectStmt, *ast.SendStmt:
		r.fault(n, "a service waits for nothing: use Call.Wait")
	case *ast.RangeStmt:
		if _, ok := r.info.TypeOf(n.X).Underlying().(*types.Map); ok || r.fromMap(n.X) {
			r.fault(n, "the order of a map differs from run to run: range over slices.Sorted(maps.Keys(m))")
		}
	case *ast.SelectorExpr:
		// A table that is read once and never changed is a constant.
		if x, ok := n.X.(*ast.Ident); ok && x.Name == "sync" && !strings.HasPrefix(n.Sel.Name, "OnceValue") {
			r.fault(n, "a service must not use sync.%s: it runs under the cloud's lock", n.Sel.Name)
		}
	case *ast.CallExpr:
		r.call(n)
	case *ast.AssignStmt:
		for _, x := range n.Lhs {
			r.assigned(x)
		}
	case *ast.IncDecStmt:
		r.assigned(n.X)
	}
}

// fromMap reports whether x is maps.Keys(m) or the like.
func (r *reading) fromMap(x ast.Expr) bool {
	call, ok := x.(*ast.CallExpr)
	if !ok {
		return false
	}
	f := r.function(call)
	return f != nil && f.Pkg() != nil && f.Pkg().Path() == "maps" && slices.Contains([]string{"Keys", "Values", "All"}, f.Name())
}

func (r *reading) function(call *ast.CallExpr) *types.Func {
	x := ast.Unparen(call.Fun)
	if index, ok := x.(*ast.IndexExpr); ok {
		x = index.X
	}
	if s, ok := x.(*ast.SelectorExpr); ok {
		f, _ := r.info.Uses[s.Sel].(*types.Func)
		return f
	}
	return nil
}

// clocks are the functions of package time that look at the wall clock.
var clocks = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick"}

func (r *reading) call(n *ast.CallExpr) {
	if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "delete" || id.Name == "clear") && len(n.Args) > 0 {
		r.assigned(n.Args[0])
	}
	f := r.function(n)
	if f == nil || f.Pkg() == nil {
		return
	}
	switch {
	case f.Pkg().Path() == "time" && slices.Contains(clocks, f.Name()):
		r.fault(n, "time.%s: a service's clock is Call.Now", f.Name())
	case f.Pkg().Path() == "slices" && f.Name() == "Collect" && len(n.Args) == 1 && r.fromMap(n.Args[0]):
		r.fault(n, "slices.Collect of a map has another order in every run: use slices.Sorted")
	}
}

// assigned objects to changing a package's variable, or something in it.
func (r *reading) assigned(x ast.Expr) {
	for {
		switch y := x.(type) {
		case *ast.ParenExpr:
			x = y.X
		case *ast.SelectorExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.StarExpr:
			x = y.X
		case *ast.Ident:
			if v, ok := r.info.Uses[y].(*types.Var); ok && v.Parent() == r.pkg.Scope() {
				r.fault(y, "%s is a package's variable: state lives in tables", y.Name)
			}
			return
		default:
			return
		}
	}
}
