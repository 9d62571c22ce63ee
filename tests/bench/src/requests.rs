//! Distinct PKCS#10 requests, P-256, each with a key of its own, as bodies of orders: one JSON text a line.

use anyhow::{Context, Result};
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_ECDSA_P256_SHA256};
use serde_json::json;
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

/// How many, and where to.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many distinct requests
    #[arg(long, default_value_t = 50_000)]
    count: usize,
    /// The profile the orders name
    #[arg(long, default_value = "tls-server")]
    profile: String,
    /// Folder for `ours.jsonl`, `cfssl.jsonl` and `requests.pem`
    #[arg(long)]
    out: PathBuf,
}

/// Writes the files.
pub(crate) fn run(args: &Args) -> Result<()> {
    std::fs::create_dir_all(&args.out)?;
    let file = |name: &str| -> Result<BufWriter<File>> {
        let path = args.out.join(name);
        Ok(BufWriter::new(File::create(&path).with_context(|| format!("writing {}", path.display()))?))
    };
    let (mut ours, mut cfssl, mut pem) = (file("ours.jsonl")?, file("cfssl.jsonl")?, file("requests.pem")?);
    for i in 0..args.count {
        let host = format!("host-{i}.example.com");
        let mut params = CertificateParams::new(vec![host.clone()])?;
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, host.as_str());
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let request = params.serialize_request(&key)?.pem()?.replace("\r\n", "\n");
        writeln!(ours, "{}", json!({ "profile": args.profile, "request": request }))?;
        writeln!(cfssl, "{}", json!({ "certificate_request": request, "hostname": host }))?;
        pem.write_all(request.as_bytes())?;
    }
    for mut file in [ours, cfssl, pem] {
        file.flush()?;
    }
    Ok(())
}
