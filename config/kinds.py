"""The closed lists of a hall file: kinds of sites, zones, windows, stages, items and devices."""

from collections.abc import Mapping
from enum import StrEnum

from config.bounds import Text


class Level(StrEnum):
    """Levels of the site tree, from the province down to a building (MZ-31, GZ-22)."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    CENTRE = "centre"
    SUBCENTRE = "subcentre"
    TOWN = "town"
    VILLAGE = "village"
    BUILDING = "building"


class ZoneKind(StrEnum):
    """What happens in a zone; the list is open in the sources and grows here (BA-06)."""

    TAKE_NUMBER = "take-number"
    CONSULT = "consult"
    ACCEPTANCE = "acceptance"
    BACK_OFFICE = "back-office"
    PICKUP = "pickup"
    SELF_SERVICE = "self-service"
    WAITING = "waiting"
    BUSINESS = "business"
    TRADE = "trade"


class WindowKind(StrEnum):
    """What a window is for. A `BACK_OFFICE` position is never callable (BA-24)."""

    CONSULT = "consult"
    COMPREHENSIVE_FIELD = "comprehensive-field"
    COMPREHENSIVE_ANY = "comprehensive-any"
    DEPARTMENT_INSTANT = "department-instant"
    PICKUP = "pickup"
    BACK_OFFICE = "back-office"
    ROTA = "rota"
    EMERGENCY = "emergency"
    ACCESSIBLE = "accessible"
    PROBLEM_DESK = "problem-desk"


COMPREHENSIVE = frozenset(
    {WindowKind.COMPREHENSIVE_FIELD, WindowKind.COMPREHENSIVE_ANY, WindowKind.ACCESSIBLE}
)


class Stage(StrEnum):
    """Which part of a journey a service's ticket is for."""

    CONSULT = "consult"
    ACCEPT = "accept"
    INSTANT = "instant"
    BACK_OFFICE = "back-office"
    PICKUP = "pickup"


class ItemKind(StrEnum):
    """INSTANT closes in the session; PROMISED starts a deadline (MZ-03)."""

    INSTANT = "instant"
    PROMISED = "promised"


class Category(StrEnum):
    """Legal category of an item (GZ-26)."""

    PERMIT = "permit"
    CONFIRMATION = "confirmation"
    PAYMENT = "payment"
    LEVY = "levy"
    OTHER = "other"
    PUBLIC_SERVICE = "public-service"


DEVICE_KINDS: Mapping[str, Text] = {
    "computer": {"zh": "办公电脑", "en": "Computer"},
    "document-camera": {"zh": "高拍仪", "en": "Document camera"},
    "scanner": {"zh": "扫描仪", "en": "Scanner"},
    "card-reader": {"zh": "身份证读卡器", "en": "ID card reader"},
    "queue-machine": {"zh": "排队叫号机", "en": "Queue machine"},
    "touch-terminal": {"zh": "触摸查询终端", "en": "Touch enquiry terminal"},
    "rating-pad": {"zh": "服务评价器", "en": "Rating pad"},
    "camera": {"zh": "音视频监控", "en": "Video and audio monitoring"},
    "speaker": {"zh": "大厅广播", "en": "Hall loudspeaker"},
    "self-service": {"zh": "自助办理一体机", "en": "Self-service terminal"},
    "window-sign": {"zh": "窗口显示屏", "en": "Window sign"},
    "led-board": {"zh": "LED 电子显示屏", "en": "LED board"},
    "printer": {"zh": "号票打印机", "en": "Ticket printer"},
    "call-pad": {"zh": "呼叫器", "en": "Call pad"},
    "signature-pad": {"zh": "电子签名板", "en": "Signature pad"},
    "sample-form": {"zh": "样表机", "en": "Sample form machine"},
    "copier": {"zh": "自助复印机", "en": "Copier"},
    "other": {"zh": "其他设备", "en": "Other device"},
}
"""Kinds of device a hall registers: the twelve of Guizhou's standard first (GZ-28)."""
