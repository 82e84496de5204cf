"""Names of months and days of the week as Arabic and English newspapers print them, folded (`fold`), with their numbers."""

from corpus.text.fold import fold

_GREGORIAN = [
    "January Jan يناير جانفي كانون_الثاني كانون_ثاني",
    "February Feb فبراير فيفري شباط",
    "March Mar مارس آذار",
    "April Apr أبريل أفريل نيسان",
    "May مايو ماي أيار مايس",
    "June Jun يونيو يونيه جوان حزيران",
    "July Jul يوليو يوليه يوليوز جويلية تموز",
    "August Aug أغسطس أوت غشت آب",
    "September Sept Sep سبتمبر شتنبر أيلول",
    "October Oct أكتوبر تشرين_الأول تشرين_أول",
    "November Nov نوفمبر نونبر تشرين_الثاني تشرين_ثاني",
    "December Dec ديسمبر دجنبر كانون_الأول كانون_أول",
]
_HIJRI = [
    "محرم المحرم محرم_الحرام",
    "صفر",
    "ربيع_الأول ربيع_أول",
    "ربيع_الآخر ربيع_الثاني ربيع_ثاني",
    "جمادى_الأولى جمادى_الأول جمادى_أولى",
    "جمادى_الآخرة جمادى_الآخر جمادى_الثانية جمادى_الثاني",
    "رجب",
    "شعبان",
    "رمضان رمضان_المبارك",
    "شوال",
    "ذو_القعدة ذي_القعدة",
    "ذو_الحجة ذي_الحجة",
]
_WEEKDAYS = [
    "Monday Mon الاثنين",
    "Tuesday Tues Tue الثلاثاء",
    "Wednesday Wed الأربعاء",
    "Thursday Thurs Thu الخميس",
    "Friday Fri الجمعة",
    "Saturday Sat السبت",
    "Sunday Sun الأحد",
]


def _numbered(names: list[str], first: int) -> dict[str, int]:
    return {fold(name.replace("_", " ")): number for number, line in enumerate(names, first) for name in line.split()}


GREGORIAN = _numbered(_GREGORIAN, 1)
"""Folded name → 1 to 12. Levantine, Egyptian and Gulf, Tunisian and Algerian, Moroccan and English names share none."""
HIJRI = _numbered(_HIJRI, 1)
"""Folded name → 1 to 12."""
WEEKDAYS = _numbered(_WEEKDAYS, 0)
"""Folded name → 0 (Monday) to 6, as `datetime.date.weekday` counts."""
