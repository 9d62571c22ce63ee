#!/usr/bin/env python3
"""Makes a key of a kind and writes a PKCS#10 request of it in PEM: make_request.py KIND FILE [DNS…]"""

import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, rsa
from cryptography.hazmat.primitives.serialization import Encoding

KINDS = {
    "rsa-2048": lambda: rsa.generate_private_key(65537, 2048),
    "rsa-3072": lambda: rsa.generate_private_key(65537, 3072),
    "rsa-4096": lambda: rsa.generate_private_key(65537, 4096),
    "p-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ml-dsa-44": mldsa.MLDSA44PrivateKey.generate,
    "ml-dsa-65": mldsa.MLDSA65PrivateKey.generate,
    "ml-dsa-87": mldsa.MLDSA87PrivateKey.generate,
}

kind, file, names = sys.argv[1], sys.argv[2], sys.argv[3:]
key = KINDS[kind]()
request = x509.CertificateSigningRequestBuilder().subject_name(
    x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0] if names else "subscriber")])
)
if names:
    request = request.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False)
with open(file, "wb") as out:
    hashed = kind.startswith("rsa") or kind.startswith("p-")
    out.write(request.sign(key, hashes.SHA256() if hashed else None).public_bytes(Encoding.PEM))
