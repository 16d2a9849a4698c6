"""A made-up certificate and PAdES signatures with it, as an office would put them under an issued report."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from io import BytesIO

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

SIGNER = "Camat Uji Coba"


@cache
def _signer(serial: int = 7) -> tuple[SimpleSigner, bytes]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SIGNER)])
    usage = x509.KeyUsage(True, True, False, False, False, True, False, False, False)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(serial).add_extension(usage, critical=True)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.not_valid_before(datetime(2026, 1, 1)).not_valid_after(datetime(2036, 1, 1))  # noqa: DTZ001
    made = builder.sign(key, hashes.SHA256())
    packed = pkcs12.serialize_key_and_certificates(b"uji", key, made, None, serialization.NoEncryption())
    signer = SimpleSigner.load_pkcs12_data(packed, other_certs=[])
    assert signer is not None
    return signer, made.public_bytes(serialization.Encoding.DER)


def certificate() -> bytes:
    """The signer's certificate, which is its own issuer."""
    return _signer()[1]


def another_certificate() -> bytes:
    """With the same name in it, and another key."""
    return _signer(8)[1]


def signed(pdf: bytes, *, field: str = "TTE", visible: bool = False) -> bytes:
    """The file with a signature appended."""
    place = SigFieldSpec(field, on_page=-1, box=(100, 100, 250, 150)) if visible else None
    metadata = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES)
    target = BytesIO()
    PdfSigner(metadata, signer=_signer()[0], new_field_spec=place).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), output=target
    )
    return target.getvalue()
