// The notice: CMS EnvelopedData (RFC 5652 §6) for one certificate. AES-256-CBC under a fresh key, which came by
// RSAES-OAEP (RFC 3560) or by ECDH with the X9.63 KDF and the AES key wrap (RFC 5753).

const ENVELOPED_DATA = "2a864886f70d010703";
const AES256_CBC = "60864801650304012a";
const AES256_WRAP = "60864801650304012d";
const RSAES_OAEP = "2a864886f70d010107";
const MGF1 = "2a864886f70d010108";
const RSA_ENCRYPTION = "2a864886f70d010101";
const EC_PUBLIC_KEY = "2a8648ce3d0201";
// dhSinglePass-stdDH-sha…kdf-scheme.
const AGREEMENTS = new Map([
  ["2b8104010b01", "SHA-256"],
  ["2b8104010b02", "SHA-384"],
  ["2b8104010b03", "SHA-512"],
]);
// Curves, and the octets of a coordinate.
const CURVES = new Map([
  ["2a8648ce3d030107", { namedCurve: "P-256", octets: 32 }],
  ["2b81040022", { namedCurve: "P-384", octets: 48 }],
]);

// Everything of a notice that is needed to open it.
function read_notice(octets) {
  const blocks = pem(octets);
  if (blocks && !/^(CMS|PKCS7)$/.test(blocks[0].label)) throw new No("bad-notice");
  const { kind, content } = content_info(Piece.only(blocks ? blocks[0].octets : octets));
  if (kind !== ENVELOPED_DATA) throw new No("bad-notice");
  const parts = content.parts();
  parts.next(INTEGER);
  parts.maybe(inside(0));
  const recipients = parts.next().parts(SET).rest().flatMap(recipient);
  const info = parts.next().parts();
  info.next(OID);
  const cipher = algorithm(info.next());
  if (cipher.oid !== AES256_CBC) throw new No("unsupported");
  const iv = cipher.parameters.as(OCTETS).content;
  if (iv.length !== 16) throw new No("form");
  return { recipients, iv, sealed: info.next(plain(0)).content };
}

// The recipients that one RecipientInfo names by certificate; others are passed over.
function recipient(info) {
  if (info.tag === SEQUENCE) {
    const parts = info.parts();
    parts.next(INTEGER);
    const named = parts.next();
    const method = algorithm(parts.next());
    const key = parts.next(OCTETS).content;
    return named.tag === SEQUENCE ? [{ ...who(named), key, method }] : [];
  }
  if (info.tag !== inside(1)) return [];
  const parts = info.parts(inside(1));
  parts.next(INTEGER);
  const originator = parts.next().sole(inside(0));
  const material = parts.maybe(inside(1))?.sole(inside(1)).as(OCTETS);
  const method = algorithm(parts.next());
  return parts.next().parts().rest().flatMap((one) => {
    const [named, key] = one.parts().rest();
    if (!named || !key) throw new No("form");
    if (named.tag !== SEQUENCE) return [];
    return [{ ...who(named), key: key.as(OCTETS).content, method, agreement: { originator, material } }];
  });
}

const who = (named) => {
  const parts = named.parts();
  return { issuer: parts.next(SEQUENCE).whole, serial: parts.next(INTEGER).whole };
};

// Opens a notice with a key, by the certificate it was written to. A key that came without a certificate is tried on
// a notice for one alone.
async function open_notice(notice, { key, certificates }) {
  const mine = (to) => certificates.some((own) => same(own.issuer, to.issuer) && same(own.serial, to.serial));
  const { recipients } = notice;
  const alone = certificates.length === 0 && recipients.length === 1 ? recipients[0] : undefined;
  const to = recipients.find(mine) ?? alone;
  if (!to) throw new No("other-certificate");
  const own = kind_of(key);
  let unwrapped;
  try {
    unwrapped = to.agreement ? await agree(to, key, own) : await transport(to, key, own);
  } catch (error) {
    // Without a certificate nothing says whose the notice is, but that the key does not open it.
    throw alone && error.message === "damaged" ? new No("other-certificate") : error;
  }
  try {
    const text = await crypto.subtle.decrypt({ name: "AES-CBC", iv: notice.iv }, unwrapped, notice.sealed);
    return new TextDecoder("utf-8", { fatal: true }).decode(text);
  } catch {
    throw new No("damaged");
  }
}

// What kind of key a PKCS#8 private key is.
function kind_of(key) {
  const parts = Piece.only(key).parts();
  parts.next(INTEGER);
  const { oid, parameters } = algorithm(parts.next());
  if (oid === RSA_ENCRYPTION) return { rsa: true };
  const curve = oid === EC_PUBLIC_KEY && parameters?.tag === OID && CURVES.get(parameters.oid());
  if (!curve) throw new No("unsupported");
  return { curve };
}

// A key of another kind than the notice is for is another certificate's; a key that does not fit was the wrong one.
async function transport({ method, key: sealed }, key, own) {
  if (!own.rsa) throw new No("other-certificate");
  const hash = oaep_hash(method);
  const rsa = await imported(key, { name: "RSA-OAEP", hash }, "unwrapKey");
  return content_key(sealed, rsa, "RSA-OAEP");
}

// The one hash of RSAES-OAEP: for label and mask the same (RFC 4055 §4.1). What is left out is SHA-1.
function oaep_hash({ oid, parameters }) {
  if (oid !== RSAES_OAEP || !parameters) throw new No("unsupported");
  const parts = parameters.parts();
  const [digest, mask, label] = [parts.maybe(inside(0)), parts.maybe(inside(1)), parts.maybe(inside(2))];
  if (!digest || !mask || label) throw new No("unsupported");
  const masking = algorithm(mask.sole(inside(1)));
  const hash = HASHES.get(algorithm(digest.sole(inside(0))).oid);
  const fits = masking.oid === MGF1 && masking.parameters && HASHES.get(algorithm(masking.parameters).oid) === hash;
  if (!hash || !fits) throw new No("unsupported");
  return hash;
}

async function agree({ method, key: wrapped, agreement }, key, { curve }) {
  if (!curve) throw new No("other-certificate");
  const hash = AGREEMENTS.get(method.oid);
  const wrap = method.parameters && algorithm(method.parameters);
  if (!hash || wrap?.oid !== AES256_WRAP || agreement.originator.tag !== inside(1)) throw new No("unsupported");
  const sender = agreement.originator.parts(inside(1));
  if (algorithm(sender.next()).oid !== EC_PUBLIC_KEY) throw new No("unsupported");
  const point = sender.next(BITS).content;
  if (point[0] !== 0) throw new No("form");
  if (point.length !== 2 + 2 * curve.octets) throw new No("other-certificate");
  const { namedCurve, octets } = curve;
  const own = await imported(key, { name: "ECDH", namedCurve }, "deriveBits");
  let secret;
  try {
    const theirs = await crypto.subtle.importKey("raw", point.slice(1), { name: "ECDH", namedCurve }, false, []);
    secret = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own, 8 * octets);
  } catch {
    throw new No("damaged");
  }
  // ECC-CMS-SharedInfo (RFC 5753 §7.2), then one round of the KDF: no hash here is shorter than the key.
  const material = agreement.material ? [der(inside(0), agreement.material.whole)] : [];
  const bits = der(inside(2), der(OCTETS, [0, 0, 1, 0]));
  const shared = der(SEQUENCE, wrap.whole, ...material, bits);
  const input = new Uint8Array([...new Uint8Array(secret), 0, 0, 0, 1, ...shared]);
  const derived = (await crypto.subtle.digest(hash, input)).slice(0, 32);
  const wrapping = await crypto.subtle.importKey("raw", derived, "AES-KW", false, ["unwrapKey"]);
  return content_key(wrapped, wrapping, "AES-KW");
}

async function imported(key, kind, use) {
  try {
    return await crypto.subtle.importKey("pkcs8", key, kind, false, [use]);
  } catch {
    throw new No("bad-key");
  }
}

// The key of the content; guarded in both ways, so that another one does not come out.
async function content_key(sealed, by, way) {
  try {
    return await crypto.subtle.unwrapKey("raw", sealed, by, way, { name: "AES-CBC", length: 256 }, false, ["decrypt"]);
  } catch {
    throw new No("damaged");
  }
}

