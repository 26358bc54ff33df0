package ec2

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/md5"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"math/big"
	"slices"
	"strings"

	"haneul/engine/emu"
)

// CreateKeyPairInput makes a key pair. PuTTY's format is not emulated.
type CreateKeyPairInput struct {
	dry
	KeyName           string             `is:"required"`
	KeyType           string             `is:"enum=rsa|ed25519"`
	KeyFormat         string             `is:"enum=ppk|pem"`
	TagSpecifications []TagSpecification `query:"TagSpecification"`
}

// Resource implements [emu.Input].
func (in *CreateKeyPairInput) Resource(c *emu.Call) string { return arn(c, "key-pair", in.KeyName) }

// CreateKeyPairOutput is the only place where the private key is ever seen.
type CreateKeyPairOutput struct {
	KeyFingerprint string
	KeyMaterial    string `is:"secret"`
	KeyName        string
	KeyPairId      string
	Tags           []Tag `query:"tagSet"`
}

// newKey is a key pair as the world outside made it.
type newKey struct {
	Private     string `is:"secret"`
	Public      string
	Fingerprint string
}

// keySeed is what a key pair follows from: as all ids and secrets of a cloud, it follows from the cloud's seed, so that the
// same lab has the same keys. These keys protect nothing but lab machines.
type keySeed struct {
	kind string
	seed [32]byte
}

// beginKeyPair refuses before anything is generated.
func (s *Service) beginKeyPair(c *emu.Call, in *CreateKeyPairInput) (keySeed, error) {
	k := keySeed{kind: keyTypeOf(in.KeyType)}
	if err := s.keyNameFree(c, in.KeyName); err != nil {
		return k, err
	}
	if in.KeyFormat == "ppk" {
		return k, notEmulated("key pairs in the format ppk: use pem")
	}
	if _, err := tagsFor(kindKeyPair, in.TagSpecifications); err != nil {
		return k, err
	}
	if in.DryRun {
		return k, dryRunSucceeded()
	}
	for i := 0; i < len(k.seed); i += 8 {
		binary.BigEndian.PutUint64(k.seed[i:], c.Rand())
	}
	return k, nil
}

func keyTypeOf(t string) string {
	if t == "" {
		return "rsa"
	}
	return t
}

func (s *Service) keyNameFree(c *emu.Call, name string) error {
	if name == "" {
		return missingParameter("KeyName")
	}
	switch {
	case len(name) > 255:
		return invalidValue("Value for parameter KeyName is invalid. Length exceeds maximum of 255.")
	case strings.TrimSpace(name) != name:
		return invalidValue("Invalid value '%s' for keyName. It should be trimmed", name)
	case !ascii(name):
		return invalidValue("Value for parameter %s is invalid. Character sets beyond ASCII are not supported.", "KeyName")
	}
	if _, taken := s.keyPairs.Get(key{c.Region, name}); taken {
		return fail("InvalidKeyPair.Duplicate", "The keypair already exists")
	}
	return nil
}

// generateKey makes the key outside the cloud's lock, as it takes a while.
func generateKey(_ context.Context, k keySeed) (newKey, error) {
	if k.kind == "ed25519" {
		private := ed25519.NewKeyFromSeed(k.seed[:])
		public := private.Public().(ed25519.PublicKey)
		blob := sshString([]byte("ssh-ed25519"), public)
		return newKey{opensshPrivate(public, private), "ssh-ed25519 " + base64.StdEncoding.EncodeToString(blob), sha256Print(blob)}, nil
	}
	private := rsaFrom(k.seed)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return newKey{}, err
	}
	sum := sha1.Sum(pkcs8) // as AWS computes the fingerprint of keys that it made
	material := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(private)})
	blob := sshString([]byte("ssh-rsa"), mpint(big.NewInt(int64(private.E))), mpint(private.N))
	return newKey{string(material), "ssh-rsa " + base64.StdEncoding.EncodeToString(blob), colons(sum[:])}, nil
}

// rsaFrom makes a key of 2,048 bits that follows from its seed; crypto/rsa makes none that can be made again.
func rsaFrom(seed [32]byte) *rsa.PrivateKey {
	one, e, block := big.NewInt(1), big.NewInt(65537), uint64(0)
	prime := func() *big.Int {
		for p := new(big.Int); ; {
			var b []byte
			for range 4 {
				sum := sha256.Sum256(binary.BigEndian.AppendUint64(seed[:], block))
				b, block = append(b, sum[:]...), block+1
			}
			b[0], b[127] = b[0]|0xc0, b[127]|1
			if p.SetBytes(b); p.ProbablyPrime(16) && new(big.Int).GCD(nil, nil, e, new(big.Int).Sub(p, one)).Cmp(one) == 0 {
				return p
			}
		}
	}
	p, q := prime(), prime()
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	k := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537}, D: new(big.Int).ModInverse(e, phi), Primes: []*big.Int{p, q}}
	k.Precompute()
	return k
}

func (s *Service) finishKeyPair(c *emu.Call, in *CreateKeyPairInput, made newKey, failed error) (*CreateKeyPairOutput, error) {
	if failed != nil {
		return nil, failed
	}
	if err := s.keyNameFree(c, in.KeyName); err != nil {
		return nil, err
	}
	s.settle(c.Account, c.Region)
	tags, err := tagsFor(kindKeyPair, in.TagSpecifications)
	if err != nil {
		return nil, err
	}
	k := keyPair{ID: newID(c, "key"), Fingerprint: made.Fingerprint, Type: keyTypeOf(in.KeyType), PublicKey: made.Public + " " + in.KeyName, Created: second(c), Tags: tags}
	s.keyPairs.Put(key{c.Region, in.KeyName}, k)
	return &CreateKeyPairOutput{k.Fingerprint, strings.TrimSpace(made.Private), in.KeyName, k.ID, list(tags)}, nil
}

// opensshPrivate is an Ed25519 key as ssh-keygen writes it: https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key
func opensshPrivate(public ed25519.PublicKey, private ed25519.PrivateKey) string {
	blob := sshString([]byte("ssh-ed25519"), public)
	check := []byte{0x68, 0x61, 0x6e, 0x65} // the same four bytes twice, to see whether decryption worked
	inner := slices.Concat(check, check, sshString([]byte("ssh-ed25519"), public, private, nil))
	for pad := byte(1); len(inner)%8 != 0; pad++ {
		inner = append(inner, pad)
	}
	b := slices.Concat([]byte("openssh-key-v1\x00"), sshString([]byte("none"), []byte("none"), nil), []byte{0, 0, 0, 1}, sshString(blob, inner))
	return string(pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: b}))
}

// sshString puts parts after each other, each behind its length.
func sshString(parts ...[]byte) (b []byte) {
	for _, p := range parts {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(p))), p...)
	}
	return b
}

// mpint is a positive number as SSH has it: with a leading zero where the first bit is set.
func mpint(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) > 0 && b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return b
}

func sha256Print(blob []byte) string {
	sum := sha256.Sum256(blob)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func colons(sum []byte) string {
	pairs := make([]string, len(sum))
	for i, b := range sum {
		pairs[i] = hex.EncodeToString([]byte{b})
	}
	return strings.Join(pairs, ":")
}

// ImportKeyPairInput brings a public key.
type ImportKeyPairInput struct {
	dry
	KeyName           string             `is:"required"`
	PublicKeyMaterial []byte             `is:"required"`
	TagSpecifications []TagSpecification `query:"TagSpecification"`
}

// Resource implements [emu.Input].
func (in *ImportKeyPairInput) Resource(c *emu.Call) string { return arn(c, "key-pair", in.KeyName) }

// ImportKeyPairOutput tells the fingerprint.
type ImportKeyPairOutput struct {
	KeyFingerprint, KeyName, KeyPairId string
	Tags                               []Tag `query:"tagSet"`
}

func (s *Service) importKeyPair(c *emu.Call, in *ImportKeyPairInput) (*ImportKeyPairOutput, error) {
	if err := s.keyNameFree(c, in.KeyName); err != nil {
		return nil, err
	}
	if !ascii(string(in.PublicKeyMaterial)) {
		return nil, invalidValue("Value for parameter %s is invalid. Character sets beyond ASCII are not supported.", "PublicKeyMaterial")
	}
	kind, blob, err := parsePublicKey(in.PublicKeyMaterial)
	if err != nil {
		return nil, fail("InvalidKey.Format", "Key is not in valid OpenSSH public key format")
	}
	tags, err := tagsFor(kindKeyPair, in.TagSpecifications)
	if err != nil {
		return nil, err
	}
	k := keyPair{ID: newID(c, "key"), Type: kind, PublicKey: strings.TrimSpace(string(in.PublicKeyMaterial)), Created: second(c), Tags: tags, Fingerprint: sha256Print(blob)}
	if kind == "rsa" {
		k.Fingerprint = rsaPrint(blob)
	}
	s.keyPairs.Put(key{c.Region, in.KeyName}, k)
	return &ImportKeyPairOutput{k.Fingerprint, in.KeyName, k.ID, list(tags)}, nil
}

// parsePublicKey reads a line of authorized_keys.
func parsePublicKey(material []byte) (kind string, blob []byte, err error) {
	fields := bytes.Fields(material)
	if len(fields) < 2 {
		return "", nil, errors.New("no key")
	}
	if blob, err = base64.StdEncoding.DecodeString(string(fields[1])); err != nil {
		return "", nil, err
	}
	parts := sshParts(blob)
	if len(parts) < 2 || string(parts[0]) != string(fields[0]) {
		return "", nil, errors.New("not a key")
	}
	switch string(parts[0]) {
	case "ssh-rsa":
		if len(parts) == 3 {
			return "rsa", blob, nil
		}
	case "ssh-ed25519":
		if len(parts) == 2 && len(parts[1]) == ed25519.PublicKeySize {
			return "ed25519", blob, nil
		}
	}
	return "", nil, errors.New("neither RSA nor Ed25519")
}

// sshParts takes apart what sshString put together; nil if it is something else.
func sshParts(b []byte) (parts [][]byte) {
	for len(b) > 0 {
		if len(b) < 4 {
			return nil
		}
		n := uint64(binary.BigEndian.Uint32(b))
		if b = b[4:]; n > uint64(len(b)) {
			return nil
		}
		parts, b = append(parts, b[:n]), b[n:]
	}
	return parts
}

// rsaPrint is the fingerprint of an imported RSA key: the MD5 of its DER form.
func rsaPrint(blob []byte) string {
	p := sshParts(blob)
	e := new(big.Int).SetBytes(p[1])
	if !e.IsInt64() || e.Int64() > 1<<31-1 {
		return ""
	}
	der, err := x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: new(big.Int).SetBytes(p[2]), E: int(e.Int64())})
	if err != nil {
		return ""
	}
	sum := md5.Sum(der)
	return colons(sum[:])
}

// DeleteKeyPairInput names a key pair, by name or id. One that does not exist is no error.
type DeleteKeyPairInput struct {
	dry
	KeyName, KeyPairId string
}

// Resource implements [emu.Input].
func (in *DeleteKeyPairInput) Resource(c *emu.Call) string { return arn(c, "key-pair", in.KeyName) }

// DeleteKeyPairOutput says so.
type DeleteKeyPairOutput struct {
	Return    bool
	KeyPairId string
}

func (s *Service) deleteKeyPair(c *emu.Call, in *DeleteKeyPairInput) (*DeleteKeyPairOutput, error) {
	name := in.KeyName
	switch {
	case name == "" && in.KeyPairId == "":
		return nil, fail("MissingParameter", "KeyName or KeyPairId must be provided")
	case name == "":
		if name, _ = s.keyPairByID(c.Region, in.KeyPairId); name == "" {
			return &DeleteKeyPairOutput{Return: true}, nil
		}
	}
	k, ok := s.keyPairs.Get(key{c.Region, name})
	if ok {
		s.keyPairs.Delete(key{c.Region, name})
	}
	return &DeleteKeyPairOutput{true, k.ID}, nil
}

func (s *Service) keyPairByID(region, id string) (name string, k keyPair) {
	for _, r := range rows(s.keyPairs, region) {
		if r.V.ID == id {
			return r.ID, r.V
		}
	}
	return "", k
}

// DescribeKeyPairsInput chooses key pairs.
type DescribeKeyPairsInput struct {
	onAll
	dry
	Filters          []Filter `query:"Filter"`
	KeyNames         []string `query:"KeyName"`
	KeyPairIds       []string `query:"KeyPairId"`
	IncludePublicKey bool
}

// DescribeKeyPairsOutput lists key pairs.
type DescribeKeyPairsOutput struct {
	KeyPairs []KeyPairInfo `query:"keySet"`
}

// KeyPairInfo is a key pair without its private key, which nobody has but its owner.
type KeyPairInfo struct {
	KeyPairId, KeyFingerprint, KeyName, KeyType string
	PublicKey                                   string
	CreateTime                                  emu.Time
	Tags                                        []Tag `query:"tagSet"`
}

func (s *Service) describeKeyPairs(c *emu.Call, in *DescribeKeyPairsInput) (*DescribeKeyPairsOutput, error) {
	if len(in.KeyNames) > 0 && len(in.KeyPairIds) > 0 {
		return nil, invalidCombination("The parameter 'keyPairId' may not be used in combination with 'keyName'")
	}
	names := slices.Clone(in.KeyNames)
	for _, id := range in.KeyPairIds {
		name, _ := s.keyPairByID(c.Region, id)
		if name == "" {
			return nil, kindKeyPair.malformed(id) // also if it merely does not exist
		}
		names = append(names, name)
	}
	for _, name := range in.KeyNames {
		if _, ok := s.keyPairs.Get(key{c.Region, name}); !ok {
			return nil, kindKeyPair.notFound(name)
		}
	}
	found, _, err := described(kindKeyPair, names, in.Filters, paging{}, rows(s.keyPairs, c.Region), func(r *row[keyPair], name string) ([]string, bool) {
		switch name {
		case "key-name":
			return oneOf(r.ID)
		case "key-pair-id":
			return oneOf(r.V.ID)
		case "fingerprint":
			return oneOf(r.V.Fingerprint)
		}
		return tagged(name, r.V.Tags)
	})
	return &DescribeKeyPairsOutput{shown(found, func(r row[keyPair]) KeyPairInfo {
		k := KeyPairInfo{KeyPairId: r.V.ID, KeyFingerprint: r.V.Fingerprint, KeyName: r.ID, KeyType: r.V.Type, CreateTime: r.V.Created, Tags: list(r.V.Tags)}
		if in.IncludePublicKey {
			k.PublicKey = r.V.PublicKey
		}
		return k
	})}, err
}
