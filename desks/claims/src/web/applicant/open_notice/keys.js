// Key and certificates: out of a PKCS#12 file (RFC 7292) as this service, openssl 3, Java and the browsers write it
// today, or out of PEM.
//
// The file's own check (its MAC) is not computed: a wrong password shows in the decryption, and a key that somebody
// altered opens nothing.

// The most rounds of PBKDF2: more than any program writes, and still minutes at most.
const MOST_ROUNDS = 10_000_000;

const DATA = "2a864886f70d010701";
const ENCRYPTED_DATA = "2a864886f70d010706";
const KEY_BAG = "2a864886f70d010c0a0101";
const SHROUDED_KEY_BAG = "2a864886f70d010c0a0102";
const CERT_BAG = "2a864886f70d010c0a0103";
const X509_CERTIFICATE = "2a864886f70d01091601";
const PBES2 = "2a864886f70d01050d";
const PBKDF2 = "2a864886f70d01050c";
// hmacWithSHA…
const PRFS = new Map([
  ["2a864886f70d0209", "SHA-256"],
  ["2a864886f70d020a", "SHA-384"],
  ["2a864886f70d020b", "SHA-512"],
]);
// AES-CBC, and the bits of its key.
const CIPHERS = new Map([
  ["60864801650304012a", 256],
  ["608648016503040116", 192],
  ["608648016503040102", 128],
]);

// What a file of a certificate holds: the private key (PKCS#8), and certificates with issuer and serial number.
async function read_holder(octets, password) {
  const blocks = pem(octets);
  return blocks ? from_pem(blocks) : from_pkcs12(octets, password);
}

function from_pem(blocks) {
  if (blocks.some(({ label }) => label === "ENCRYPTED PRIVATE KEY")) throw new No("unsupported");
  const keys = blocks.filter(({ label }) => label === "PRIVATE KEY");
  if (keys.length !== 1) throw new No("bad-key");
  const certificates = blocks.filter(({ label }) => label === "CERTIFICATE").map(({ octets }) => named(octets));
  return { key: keys[0].octets, certificates };
}

async function from_pkcs12(octets, password) {
  // PFX ::= SEQUENCE { 3, ContentInfo, MacData }
  const pfx = Piece.only(octets).parts();
  if (pfx.next().number() !== 3) throw new No("form");
  const safe = content_info(pfx.next());
  if (safe.kind !== DATA) throw new No("unsupported");
  const parts = Piece.only(safe.content.as(OCTETS).content).parts();
  const holder = { key: undefined, certificates: [] };
  for (const part of parts.rest()) {
    const { kind, content } = content_info(part);
    let bags;
    if (kind === DATA) {
      bags = content.as(OCTETS).content;
    } else if (kind === ENCRYPTED_DATA) {
      const data = content.parts();
      data.next(INTEGER);
      const info = data.next().parts();
      info.next(OID);
      bags = await decrypt(info.next(), info.next(plain(0)).content, password);
    } else {
      throw new No("unsupported");
    }
    for (const bag of opened(() => Piece.only(bags).parts().rest(), kind)) await unpack(bag, holder, password);
  }
  if (!holder.key) throw new No("bad-key");
  return holder;
}

const content_info = (piece) => {
  const parts = piece.parts();
  return { kind: parts.next().oid(), content: parts.next().sole(inside(0)) };
};

// One time in 256 a wrong password leaves a padding that looks right, and noise.
const opened = (read, kind) => {
  try {
    return read();
  } catch (error) {
    throw kind === DATA ? error : new No("wrong-password");
  }
};

async function unpack(bag, holder, password) {
  const parts = bag.parts();
  const kind = parts.next().oid();
  const value = parts.next().sole(inside(0));
  if (kind === KEY_BAG || kind === SHROUDED_KEY_BAG) {
    if (holder.key) throw new No("unsupported");
    if (kind === KEY_BAG) {
      holder.key = value.whole;
      return;
    }
    const shrouded = value.parts();
    const key = await decrypt(shrouded.next(), shrouded.next(OCTETS).content, password);
    opened(() => Piece.only(key).as(SEQUENCE), ENCRYPTED_DATA);
    holder.key = key;
  } else if (kind === CERT_BAG) {
    const certificate = value.parts();
    if (certificate.next().oid() !== X509_CERTIFICATE) return;
    holder.certificates.push(named(certificate.next().sole(inside(0)).as(OCTETS).content));
  }
}

// Issuer and serial number of a certificate, as they stand in it.
function named(octets) {
  const tbs = Piece.only(octets).parts().next().parts();
  tbs.maybe(inside(0));
  const serial = tbs.next(INTEGER).whole;
  tbs.next(SEQUENCE);
  return { serial, issuer: tbs.next(SEQUENCE).whole };
}

// PBES2 (RFC 8018 §6.2): PBKDF2, then AES-CBC.
async function decrypt(scheme, sealed, password) {
  const outer = algorithm(scheme);
  if (outer.oid !== PBES2) throw new No("unsupported");
  const schemes = outer.parameters.parts();
  const derivation = algorithm(schemes.next()), cipher = algorithm(schemes.next());
  const bits = CIPHERS.get(cipher.oid);
  if (derivation.oid !== PBKDF2 || !bits) throw new No("unsupported");
  const parameters = derivation.parameters.parts();
  const salt = parameters.next(OCTETS).content;
  const iterations = parameters.next().number();
  parameters.maybe(INTEGER);
  const prf = parameters.maybe(SEQUENCE);
  const hash = prf && PRFS.get(algorithm(prf).oid);
  // Without a name it is HMAC with SHA-1.
  if (!hash || iterations < 1 || iterations > MOST_ROUNDS) throw new No("unsupported");
  if (!password) throw new No("wrong-password");
  const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(password), "PBKDF2", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "PBKDF2", salt, iterations, hash }, typed, { name: "AES-CBC", length: bits }, false, ["decrypt"]);
  const iv = cipher.parameters.as(OCTETS).content;
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, sealed));
  } catch {
    throw new No("wrong-password");
  }
}

