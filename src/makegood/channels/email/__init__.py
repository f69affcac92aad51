"""The e-mail channel: IMAP, LMTP and pipes in, SMTP out."""
