// How long Go's crypto/x509 takes for a revocation list of so many entries: encoded and signed in memory, from
// entries that lie in memory already. usage: list COUNT; prints seconds and the octets of the list.
//
// The entries are as long as ours: serial numbers of 20 octets and a reason. Only CreateRevocationList is timed.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"os"
	"strconv"
	"time"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serial() *big.Int {
	octets := make([]byte, 20)
	_, err := rand.Read(octets)
	must(err)
	octets[0] = octets[0]&0x7f | 0x40
	return new(big.Int).SetBytes(octets)
}

func main() {
	if len(os.Args) != 2 {
		must(fmt.Errorf("usage: list COUNT"))
	}
	count, err := strconv.Atoi(os.Args[1])
	must(err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{Country: []string{"JP"}, Organization: []string{"Bench"}, CommonName: "Bench P-256 CA"},
		NotBefore:             now,
		NotAfter:              now.AddDate(1, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(err)
	issuer, err := x509.ParseCertificate(der)
	must(err)
	entries := make([]x509.RevocationListEntry, count)
	for i := range entries {
		entries[i] = x509.RevocationListEntry{SerialNumber: serial(), RevocationTime: now, ReasonCode: 4}
	}
	list := &x509.RevocationList{
		Number:                    big.NewInt(1),
		ThisUpdate:                now,
		NextUpdate:                now.Add(24 * time.Hour),
		RevokedCertificateEntries: entries,
	}

	begun := time.Now()
	der, err = x509.CreateRevocationList(rand.Reader, list, issuer, key)
	took := time.Since(begun)
	must(err)
	fmt.Printf("%.6f %d\n", took.Seconds(), len(der))
}
