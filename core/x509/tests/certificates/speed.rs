//! What one certificate costs apart from signatures. Measured on demand only:
//! `cargo test -p core-x509 --release --test certificates -- --ignored --nocapture speed`.

use crate::support::*;
use core_crypto::KeyAlg;
use core_x509::assemble::assemble;
use core_x509::lint::lint;
use core_x509::plan::KeyProof;
use core_x509::request::CertRequest;
use core_x509::tlv::Limits;
use kit_keys::Provider;
use kit_keys::testing::key;
use std::hint::black_box;
use std::time::Instant;

#[test]
#[ignore = "measures, and proves nothing"]
#[allow(clippy::print_stderr, clippy::disallowed_methods)]
fn speed() {
    const ROUNDS: u32 = 20_000;
    for alg in [KeyAlg::Rsa2048, KeyAlg::Rsa4096, KeyAlg::P256, KeyAlg::MlDsa65] {
        let (profile, issuer) = (builtin("claims-provider"), issuer(KeyAlg::Rsa2048));
        let template = template(&profile, &issuer);
        let order = usual_order(&profile);
        let der = csr(&key(alg, 0), &[], &[]);
        let mut phases = [0u128; 4];
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let request = CertRequest::parse(black_box(&der), &Limits::DEFAULT).expect("a request");
            request.check_key(&profile).expect("a strong key");
            phases[0] += start.elapsed().as_nanos();
            // Not counted: it is the one thing that cannot be made cheaper here.
            let verified = request.verify(&NoSignature).expect("as if");
            let start = Instant::now();
            let plan = template.plan(&order.input(KeyProof::Request(verified))).expect("a plan");
            phases[1] += start.elapsed().as_nanos();
            let start = Instant::now();
            let linted = lint(plan, &profile, &issuer, &Provider).expect("clean");
            phases[2] += start.elapsed().as_nanos();
            let start = Instant::now();
            black_box(assemble(linted.plan().tbs(), issuer.sig_alg, &[0; 256]));
            phases[3] += start.elapsed().as_nanos();
        }
        let [request, plan, lint, assemble] = phases.map(|p| p as f64 / f64::from(ROUNDS) / 1_000.0);
        eprintln!(
            "{}: request and key {request:.2} µs, plan {plan:.2}, lint {lint:.2}, assemble {assemble:.2}, all {:.2}",
            alg.name(),
            request + plan + lint + assemble
        );
    }
}

struct NoSignature;

impl core_crypto::Verify for NoSignature {
    fn verify(
        &self,
        _: core_crypto::SigAlg,
        _: &[u8],
        _: &[u8],
        _: &[u8],
    ) -> Result<(), core_crypto::BadSignature> {
        Ok(())
    }
}
