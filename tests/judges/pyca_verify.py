#!/usr/bin/env python3
"""pyca/cryptography looks at certificates and lists, ML-DSA included.

    pyca_verify.py chain CERT ISSUER...    each certificate was issued and signed by the next, the last by itself
    pyca_verify.py list LIST.der ISSUER    the list is signed by the issuer and names it
    pyca_verify.py revoked LIST.der CERT   prints the reason under which the list names the certificate, or `not listed`
    pyca_verify.py path LEAF ROOT CA...    its own path validation: LEAF to ROOT through the others, now

Several tasks in one call are parted by `--`. Exit code 0 when all of them hold.
"""

import datetime
import sys

from cryptography import x509
from cryptography.x509 import verification


def certificate(file):
    with open(file, "rb") as opened:
        return x509.load_pem_x509_certificate(opened.read())


def revocation_list(file):
    with open(file, "rb") as opened:
        return x509.load_der_x509_crl(opened.read())


def check_chain(files):
    chain = [certificate(file) for file in files]
    for subject, issuer in zip(chain, chain[1:] + chain[-1:]):
        subject.verify_directly_issued_by(issuer)
    names = [cert.signature_algorithm_oid._name for cert in chain]
    print(" ← ".join(names))


def check_list(file, issuer_file):
    checked, issuer = revocation_list(file), certificate(issuer_file)
    if checked.issuer != issuer.subject:
        sys.exit("the list names another issuer")
    if not checked.is_signature_valid(issuer.public_key()):
        sys.exit("the signature of the list does not fit")
    now = datetime.datetime.now(datetime.timezone.utc)
    if not checked.last_update_utc <= now < checked.next_update_utc:
        sys.exit("the list is not in force now")
    print(len(checked), "entries, number", checked.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number)


def show_revoked(file, cert_file):
    entry = revocation_list(file).get_revoked_certificate_by_serial_number(certificate(cert_file).serial_number)
    if entry is None:
        print("not listed")
        return
    try:
        print(entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value)
    except x509.ExtensionNotFound:
        print("unspecified")


def check_path(leaf, root, others):
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store([certificate(root)]))
        .extension_policies(
            ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
            # Ours are no web servers: what an end entity may carry is our lints' and pkilint's matter.
            ee_policy=verification.ExtensionPolicy.permit_all(),
        )
        .build_client_verifier()
    )
    verified = verifier.verify(certificate(leaf), [certificate(file) for file in others])
    print(len(verified.chain), "certificates in the path")


TASKS = {
    "chain": lambda args: check_chain(args),
    "list": lambda args: check_list(*args),
    "revoked": lambda args: show_revoked(*args),
    "path": lambda args: check_path(args[0], args[1], args[2:]),
}

arguments = sys.argv[1:] + ["--"]
while arguments:
    at = arguments.index("--")
    task, arguments = arguments[:at], arguments[at + 1 :]
    try:
        TASKS[task[0]](task[1:])
    except Exception as error:  # whatever it is, it is a no of this judge
        sys.exit(f"{' '.join(task)}: {type(error).__name__}: {error}")
