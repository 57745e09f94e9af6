"""The seeded catalogue: teas and soaps of a small Thai shop, in English and Thai."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A text in both of the shop's languages."""

    en: str
    th: str

    def in_locale(self, locale: str) -> str:
        """Return the text in `locale`; English where the shop does not speak it."""
        return self.th if locale == "th" else self.en


@dataclass(frozen=True)
class Size:
    """One size of an item; the price is in hundredths of a unit (near one US dollar)."""

    title: Text
    price: int
    grams: int


@dataclass(frozen=True)
class Item:
    """One entry of the catalogue."""

    handle: str
    kind: str
    art: str
    title: Text
    description: Text
    sizes: tuple[Size, ...]
    tags: tuple[str, ...]


def _grams(grams: int, price: int) -> Size:
    return Size(Text(f"{grams} g", f"{grams} กรัม"), price, grams)


def _tea(handle: str, title: Text, description: Text, price: int, *tags: str) -> Item:
    sizes = (_grams(50, price), _grams(100, price * 9 // 5 // 20 * 20))
    return Item(handle, "tea", handle, title, description, sizes, ("tea", *tags))


def _soap(handle: str, title: Text, description: Text, price: int, *tags: str) -> Item:
    sizes = (_grams(100, price),)
    return Item(handle, "soap", handle, title, description, sizes, ("soap", *tags))


def _gift_card() -> Item:
    sizes = tuple(
        Size(Text(english, thai), price, 0)
        for english, thai, price in (
            ("Small", "เล็ก", 2000),
            ("Medium", "กลาง", 4000),
            ("Large", "ใหญ่", 8000),
        )
    )
    title = Text("Baan Cha gift card", "บัตรของขวัญบ้านชา")
    description = Text(
        "For someone who would rather choose. It arrives by email and never expires.",
        "สำหรับคนที่อยากเลือกเอง ส่งทางอีเมลและไม่มีวันหมดอายุ",
    )
    return Item("gift-card", "gift_card", "gift-card", title, description, sizes, ("gift",))


CATALOGUE = (
    _tea(
        "jasmine-tea",
        Text("Jasmine green tea", "ชาเขียวมะลิ"),
        Text(
            "Green tea from Doi Mae Salong, scented three nights in a row with fresh jasmine.",
            "ชาเขียวจากดอยแม่สลอง อบกับดอกมะลิสดสามคืนติดกัน",
        ),
        480,
        "green",
        "bestseller",
    ),
    _tea(
        "butterfly-pea-tea",
        Text("Butterfly pea & lemongrass", "อัญชันตะไคร้"),
        Text(
            "Deep blue in the cup; a squeeze of lime turns it violet. No caffeine.",
            "สีน้ำเงินเข้มในถ้วย บีบมะนาวแล้วกลายเป็นสีม่วง ไม่มีคาเฟอีน",
        ),
        400,
        "herbal",
    ),
    _tea(
        "oolong-tea",
        Text("High mountain oolong", "ชาอู่หลงยอดดอย"),
        Text(
            "Rolled by hand at 1,200 metres. Buttery, floral, good for five infusions.",
            "ม้วนด้วยมือที่ความสูง 1,200 เมตร หอมเนย กลิ่นดอกไม้ ชงได้ห้าน้ำ",
        ),
        720,
        "oolong",
        "bestseller",
    ),
    _tea(
        "thai-black-tea",
        Text("Thai black tea", "ชาดำไทย"),
        Text(
            "Full and malty with a hint of star anise: made for milk and ice.",
            "เข้มข้นหอมมอลต์แตะกลิ่นโป๊ยกั๊ก เหมาะกับนมและน้ำแข็ง",
        ),
        360,
        "black",
    ),
    _tea(
        "rose-black-tea",
        Text("Rose & mulberry tea", "ชากุหลาบลูกหม่อน"),
        Text(
            "Chiang Mai roses, sun-dried mulberries and a little black tea for the afternoon.",
            "กุหลาบเชียงใหม่ ลูกหม่อนตากแดด และชาดำเล็กน้อยสำหรับยามบ่าย",
        ),
        520,
        "black",
    ),
    _tea(
        "ginger-turmeric-tea",
        Text("Ginger & turmeric tea", "ชาขิงขมิ้น"),
        Text(
            "Young ginger and turmeric root, dried slowly. Warm, bright and a little sharp.",
            "ขิงอ่อนและขมิ้นอบช้า ๆ อุ่น สดชื่น เผ็ดนิด ๆ",
        ),
        400,
        "herbal",
    ),
    _soap(
        "lemongrass-soap",
        Text("Lemongrass soap", "สบู่ตะไคร้"),
        Text(
            "Cold-pressed coconut oil and lemongrass from the garden behind the shop.",
            "น้ำมันมะพร้าวสกัดเย็นกับตะไคร้จากสวนหลังร้าน",
        ),
        320,
        "bestseller",
    ),
    _soap(
        "rice-milk-soap",
        Text("Rice milk & honey soap", "สบู่น้ำนมข้าวน้ำผึ้ง"),
        Text(
            "Jasmine rice milk and longan honey. Gentle enough for the face.",
            "น้ำนมข้าวหอมมะลิกับน้ำผึ้งลำไย อ่อนโยนพอสำหรับผิวหน้า",
        ),
        360,
    ),
    _soap(
        "charcoal-soap",
        Text("Bamboo charcoal soap", "สบู่ถ่านไม้ไผ่"),
        Text(
            "Fine bamboo charcoal for hot days and busy hands; smells of kaffir lime.",
            "ผงถ่านไม้ไผ่ละเอียดสำหรับวันร้อนและมือที่ทำงานหนัก กลิ่นมะกรูด",
        ),
        340,
    ),
    _soap(
        "mangosteen-soap",
        Text("Mangosteen soap", "สบู่มังคุด"),
        Text(
            "Mangosteen peel, rich in tannins, in a creamy olive bar.",
            "เปลือกมังคุดที่อุดมด้วยแทนนินในสบู่มะกอกเนื้อครีม",
        ),
        380,
    ),
    Item(
        "tea-and-soap-box",
        "box",
        "tea-and-soap-box",
        Text("Tea & soap gift box", "กล่องของขวัญชาและสบู่"),
        Text(
            "Jasmine tea, oolong and two soaps in a box woven from water hyacinth.",
            "ชามะลิ ชาอู่หลง และสบู่สองก้อน ในกล่องสานจากผักตบชวา",
        ),
        (_grams(400, 2200),),
        ("gift", "tea", "soap"),
    ),
    _gift_card(),
)
