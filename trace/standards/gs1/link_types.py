"""GS1's link types (Web Vocabulary 1.16) and the names they go by in requests."""

import re
from collections.abc import Mapping
from typing import Final

VOCABULARY: Final = "https://gs1.org/voc/"
LINKSET: Final = "linkset"
ALL: Final = "all"

# Names and titles as the vocabulary gives them; what it calls deprecated (productSustainabilityInfo) is left out.
LINK_TYPES: Final[Mapping[str, str]] = {
    "activityIdeas": "Activity ideas",
    "allergenInfo": "Allergen information",
    "appDownload": "App download",
    "backgroundInfo": "Background information",
    "brandHomepageClinical": "Information for professionals about this brand",
    "brandHomepagePatient": "Information for patients about this brand",
    "careersInfo": "Careers information",
    "certificationInfo": "Certification information",
    "consumerHandlingStorageInfo": "Consumer handling and storage information",
    "defaultLink": "Default link",
    "defaultLinkMulti": "Default link, by language or media type",
    "dpp": "Digital product passport",
    "eifu": "Electronic instructions for use",
    "epcis": "EPCIS repository",
    "epil": "Electronic patient information leaflet",
    "eventsInfo": "Events information",
    "faqs": "Frequently asked questions",
    "handledBy": "Handled by",
    "hasRetailers": "Retailers",
    "homepage": "Organisation information page",
    "ingredientsInfo": "Ingredients information",
    "instructions": "Instructions",
    "jws": "JSON web signature",
    "leaveReview": "Leave a review",
    "locationInfo": "Location information",
    "logisticsInfo": "Logistics information",
    "loyaltyProgram": "Loyalty program",
    "masterData": "Master data",
    "menuInfo": "Menu information",
    "nutritionalInfo": "Nutritional information",
    "openingHoursInfo": "Opening hours information",
    "paymentLink": "Make payment",
    "pip": "Product information page",
    "promotion": "Promotion",
    "purchaseSuppliesOrAccessories": "Purchase supplies or accessories",
    "quickStartGuide": "Quick start guide",
    "recallStatus": "Recall status",
    "recipeInfo": "Recipe website",
    "registerProduct": "Register purchase",
    "registryEntry": "Entry in a register",
    "relatedImage": "Related image",
    "relatedVideo": "Related video",
    "reportFound": "Report found",
    "review": "Reviews",
    "safetyInfo": "Safety information",
    "scheduleTime": "Scheduling and reservation",
    "serviceInfo": "Service information",
    "smartLabel": "SmartLabel",
    "smpc": "Summary of product characteristics",
    "socialMedia": "Social media",
    "statisticInfo": "Statistics",
    "subscribe": "Subscribe",
    "support": "Support",
    "sustainabilityInfo": "Sustainability and recycling",
    "traceability": "Traceability information",
    "tutorial": "Tutorial",
    "userAgreement": "Sign waiver, agreement or document",
    "verificationService": "Verification service",
    "whatsInTheBox": "What's in the box?",
}

_ASKED: Final = re.compile(r"(?:gs1:|https?://(?:www\.|ref\.)?gs1\.org/voc/)([A-Za-z]+)")


def link_type(asked: str) -> str | None:
    """Return the type's name for gs1:pip or a URI of the vocabulary; "linkset" or "all" for those; None otherwise."""
    if asked in {LINKSET, ALL}:
        return asked
    named = _ASKED.fullmatch(asked)
    return named[1] if named and named[1] in LINK_TYPES else None
