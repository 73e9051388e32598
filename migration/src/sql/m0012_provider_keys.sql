-- Keys of providers, sealed with the installation's own key.
CREATE TABLE provider_keys ( -- @entity provider_key: The sealed key of an offer
  offer  {text}  NOT NULL PRIMARY KEY, -- @String Whose
  sealed {bytes} NOT NULL, -- @Vec<u8> Nonce and ciphertext
  set_at {int}   NOT NULL  -- @UnixMs When it was set
){strict};
