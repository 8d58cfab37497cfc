"""What a cooperative brings from Excel: households, plots, products, scope lines, diary, buyers."""

from ...access import own_cooperative
from ..importing import Place, import_pages

PLACE = Place("cooperative/layout.html", for_office=False, owner=own_cooperative)
bp = import_pages("imports", "/my/import", PLACE, reads="cooperative.read", writes="cooperative.write")
