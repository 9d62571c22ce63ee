//! PEM and PKCS#8, in and out.
