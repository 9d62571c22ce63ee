#!/usr/bin/env python3
"""pkilint over many files in one process: prints every finding as one line `FILE<TAB>LINT<TAB>SEVERITY<TAB>TEXT`.

    lint_all.py FILE...            certificates in PEM (*.pem) and lists in DER (*.der), each by its RFC 5280 rules
    lint_all.py ISSUER:SUBJECT...  the rules between an issuer's certificate and one it issued; both forms mix
"""

import sys

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pkilint import loader, pkix
from pkilint.bin import lint_pkix_signer_signee_cert_chain as chain
from pkilint.pkix import certificate, crl, extension, name


def certificate_lints():
    return certificate.create_pkix_certificate_validator_container(
        certificate.create_decoding_validators(name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS),
        [
            certificate.create_issuer_validator_container([]),
            certificate.create_validity_validator_container(),
            certificate.create_subject_validator_container([]),
            certificate.create_extensions_validator_container([]),
            certificate.create_spki_validator_container([]),
        ],
    )


def list_lints():
    return crl.create_pkix_crl_validator_container(
        [
            pkix.create_attribute_decoder(name.ATTRIBUTE_TYPE_MAPPINGS),
            pkix.create_extension_decoder(extension.EXTENSION_MAPPINGS),
        ],
        [
            crl.create_issuer_validator_container([]),
            crl.create_validity_validator_container([]),
            crl.create_extensions_validator_container([]),
        ],
    )


def show(file, results):
    for result in results:
        for finding in result.finding_descriptions:
            text = " ".join((finding.message or "").split())
            print(file, finding.finding.code, finding.finding.severity.name, text, sep="\t")


def der_of(file):
    with open(file, "rb") as opened:
        octets = opened.read()
    if file.endswith(".pem"):
        return x509.load_pem_x509_certificate(octets).public_bytes(Encoding.DER)
    return octets


def lint(file):
    if file.endswith(".pem"):
        document = loader.RFC5280CertificateDocumentLoader().load_der_document(der_of(file), file)
        show(file, certificate_lints().validate(document.root))
    else:
        document = loader.RFC5280CertificateListDocumentLoader().load_der_document(der_of(file), file)
        show(file, list_lints().validate(document.root))


def lint_chain(issuer_file, subject_file):
    documents = {}
    load = loader.RFC5280CertificateDocumentLoader().load_der_document
    issuer = load(der_of(issuer_file), issuer_file, "issuer", documents)
    documents["issuer"] = issuer
    subject = load(der_of(subject_file), subject_file, "subject", documents)
    documents["subject"] = subject
    decoders = chain.create_decoder_validation_container()
    results = decoders.validate(issuer.root)
    results += decoders.validate(subject.root)
    results += chain.create_issuer_validation_container().validate(issuer.root)
    results += chain.create_subject_validation_container().validate(subject.root)
    show(subject_file, results)


for argument in sys.argv[1:]:
    issuer_path, between, subject_path = argument.partition(":")
    if between:
        lint_chain(issuer_path, subject_path)
    else:
        lint(argument)
