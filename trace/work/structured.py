"""Pages as data: JSON-LD in the words of schema.org, and of GS1's Web Vocabulary where schema.org has none.

Properties of schema.org 29 (Product, Organization, Certification, QuantitativeValue, Place) and of Web Vocabulary 1.16.
Free text keeps its language; a day is an xsd:date.
"""

from typing import Any, Final

from .public_pages import CooperativePage, ProductPage
from .seen import CertificateSeen, CooperativeSeen, ProductSeen, StampPage

CONTEXT: Final = ["https://schema.org/", {"gs1": "https://gs1.org/voc/", "xsd": "http://www.w3.org/2001/XMLSchema#"}]
Json = dict[str, Any]


def product_data(page: ProductPage, root: str, address: str) -> Json:
    """`root` and `address` (a path) make the page's own id."""
    seller = _organization(page.cooperative, f"{root}/c/{page.cooperative_id}")
    return {"@context": CONTEXT} | _product(page.product, root, address) | {
        "manufacturer": seller,
        "hasCertification": [_certification(certificate) for certificate in page.certificates],
        **_brand(page),
    }  # fmt: skip


def cooperative_data(page: CooperativePage, root: str, address: str) -> Json:
    told = _organization(page.cooperative, root + address)
    products = [
        {"@type": "Offer", "itemOffered": _product(row.product, root, f"/p/{row.public_id}")} for row in page.products
    ]
    told["hasCertification"] = [_certification(certificate) for certificate in page.certificates]
    if products:
        told["makesOffer"] = products
    if page.glns:
        told["globalLocationNumber"] = page.glns[0]
    return {"@context": CONTEXT} | told


def batch_data(page: StampPage, root: str, address: str) -> Json:
    """Of a batch page: it always has a cooperative, a product and a batch."""
    assert page.cooperative is not None
    assert page.product is not None
    assert page.batch is not None
    batch = page.batch
    days = {
        "gs1:harvestDateStart": batch.harvested_from_on,
        "gs1:harvestDateEnd": batch.harvested_to_on,
        "gs1:packagingDate": batch.packed_on,
        "gs1:bestBeforeDate": batch.best_before_on,
    }
    told: Json = {"@context": CONTEXT} | _product(page.product, root, address)
    told |= {
        "@type": ["Product", "gs1:FoodBeverageTobaccoProduct"],
        "gs1:hasBatchLotNumber": batch.lot,
        "manufacturer": _organization(page.cooperative, ""),
        "hasCertification": [_certification(certificate) for certificate in page.certificates],
    }
    return told | {name: {"@value": day.isoformat(), "@type": "xsd:date"} for name, day in days.items() if day}


def _product(product: ProductSeen, root: str, address: str) -> Json:
    told: Json = {
        "@type": "Product",
        "@id": root + address,
        "url": root + address,
        "name": {"@value": product.name, "@language": product.name_lang},
        "countryOfOrigin": {"@type": "Country", "name": "VN"},
    }
    if product.photos:
        told["image"] = root + product.photos[0].url
    if product.gtin:
        told["gtin"] = product.gtin
    if product.net_weight_g:
        told["weight"] = {"@type": "QuantitativeValue", "value": product.net_weight_g, "unitCode": "GRM"}
    if product.keeping:
        told["gs1:consumerStorageInstructions"] = {"@value": product.keeping, "@language": "vi"}
    return told


def _organization(cooperative: CooperativeSeen, address: str) -> Json:
    told: Json = {
        "@type": "Organization",
        "name": cooperative.name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": cooperative.address,
            "addressRegion": "Lạng Sơn",
            "addressCountry": "VN",
        },
    }
    if address:
        told["@id"] = told["url"] = address
    if cooperative.phone:
        told["telephone"] = cooperative.phone
    return told


def _certification(certificate: CertificateSeen) -> Json:
    active = "Active" if certificate.state in {"in_force", "warned"} else "Inactive"
    return {
        "@type": "Certification",
        "name": certificate.scheme,
        "certificationIdentification": certificate.number,
        "issuedBy": {"@type": "Organization", "name": certificate.body},
        "validFrom": certificate.from_on.isoformat(),
        "expires": certificate.to_on.isoformat(),
        "certificationStatus": f"https://schema.org/Certification{active}",
    }


def _brand(page: ProductPage) -> Json:
    """Only a mark that is registered and may be shown."""
    marks = [mark.name for mark in page.trademarks if mark.state == "registered"]
    return {"brand": {"@type": "Brand", "name": marks[0]}} if marks else {}
