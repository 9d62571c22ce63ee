//! Order, prepare, record, sign, publish; revoke; lists; ceremonies.
