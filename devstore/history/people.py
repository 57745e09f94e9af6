"""Names for generated customers, Thai and English."""

import random
from dataclasses import dataclass

_THAI_FIRST = (
    "Anong", "Apinya", "Boonsri", "Chaiwat", "Chanida", "Daeng", "Kanya", "Kittisak", "Lalita",
    "Malee", "Narong", "Nattapong", "Nok", "Orawan", "Pailin", "Pakorn", "Pimchanok", "Ploy",
    "Prasert", "Ratana", "Sakda", "Siriporn", "Somchai", "Suda", "Supaporn", "Tanawat", "Thida",
    "Wichai", "Wipa", "Yupin",
)  # fmt: skip
_THAI_FIRST_IN_THAI = (
    "อนงค์", "อภิญญา", "บุญศรี", "ชัยวัฒน์", "ชนิดา", "กัญญา", "กิตติศักดิ์", "ลลิตา", "มาลี", "ณรงค์",
    "ณัฐพงษ์", "อรวรรณ", "ไพลิน", "พิมพ์ชนก", "พลอย", "รัตนา", "สมชาย", "สุดา", "ธิดา", "วิชัย",
)  # fmt: skip
_THAI_LAST = (
    "Boonmee", "Chaiyasit", "Jaidee", "Kaewmanee", "Limsakul", "Meesuk", "Panyarachun",
    "Phongphan", "Rattanakul", "Saetang", "Sukjai", "Suwannarat", "Thongchai", "Wattana",
)  # fmt: skip
_THAI_LAST_IN_THAI = (
    "บุญมี", "ชัยสิทธิ์", "ใจดี", "แก้วมณี", "ลิ้มสกุล", "มีสุข", "รัตนกุล", "แซ่ตั้ง", "สุขใจ", "สุวรรณรัตน์",
    "ทองไชย", "วัฒนา",
)  # fmt: skip
_ENGLISH_FIRST = (
    "Alice", "Amelia", "Ben", "Charlotte", "Daniel", "Edward", "Florence", "George", "Grace",
    "Hannah", "Isla", "Jack", "James", "Laura", "Lucy", "Martha", "Noah", "Oliver", "Rose",
    "Samuel", "Sophie", "Thomas", "William", "Zoe",
)  # fmt: skip
_ENGLISH_LAST = (
    "Baker", "Bennett", "Brown", "Carter", "Cooper", "Davies", "Evans", "Fisher", "Green",
    "Harris", "Hughes", "Lewis", "Martin", "Morgan", "Palmer", "Reed", "Taylor", "Walker",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Who a customer is."""

    first_name: str
    last_name: str
    locale: str


def draw_person(chance: random.Random) -> Person:
    """Return somebody: two in five write Thai, one in four Thai names in Latin letters."""
    lot = chance.random()
    if lot < 0.4:
        return Person(chance.choice(_THAI_FIRST_IN_THAI), chance.choice(_THAI_LAST_IN_THAI), "th")
    if lot < 0.65:
        return Person(chance.choice(_THAI_FIRST), chance.choice(_THAI_LAST), "th")
    return Person(chance.choice(_ENGLISH_FIRST), chance.choice(_ENGLISH_LAST), "en")
