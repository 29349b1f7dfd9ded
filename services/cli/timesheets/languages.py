"""Words of timesheet files in the languages that exports are written in: titles of columns, yes and no."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """Titles by what their columns hold, several of them divided by bars, and what stands for yes and for no."""

    titles: Mapping[str, str]
    yes: str
    no: str


# A title that another language has for the same column need not be repeated
LANGUAGES: Mapping[str, Language] = {
    "en": Language(
        {
            "user": "User",
            "member": "Member",
            "email": "Email|E-mail",
            "client": "Client",
            "project": "Project",
            "task": "Task",
            "description": "Description",
            "billable": "Billable",
            "start_date": "Start date",
            "start_time": "Start time",
            "end_date": "End date",
            "end_time": "End time",
            "stop_date": "Stop date",
            "stop_time": "Stop time",
            "duration": "Duration",
            "tags": "Tags",
            "amount": "Amount",
            "currency": "Currency",
            "entry_id": "Entry ID|ID",
        },
        yes="Yes|true|1|Billable",
        no="No|false|0|Non-billable|-",
    ),
    "de": Language(
        {
            "user": "Benutzer",
            "member": "Mitglied",
            "client": "Kunde",
            "project": "Projekt",
            "task": "Aufgabe",
            "description": "Beschreibung",
            "billable": "Abrechenbar|Verrechenbar",
            "start_date": "Startdatum",
            "start_time": "Startzeit",
            "end_date": "Enddatum",
            "end_time": "Endzeit",
            "duration": "Dauer",
            "tags": "Schlagwörter",
            "amount": "Betrag",
            "currency": "Währung",
        },
        yes="Ja",
        no="Nein",
    ),
    "es": Language(
        {
            "user": "Usuario",
            "member": "Miembro",
            "email": "Correo electrónico|Correo",
            "client": "Cliente",
            "project": "Proyecto",
            "task": "Tarea",
            "description": "Descripción",
            "billable": "Facturable",
            "start_date": "Fecha de inicio",
            "start_time": "Hora de inicio",
            "end_date": "Fecha de fin",
            "end_time": "Hora de fin",
            "duration": "Duración",
            "tags": "Etiquetas",
            "amount": "Importe",
            "currency": "Moneda",
        },
        yes="Sí",
        no="No",
    ),
    "fr": Language(
        {
            "user": "Utilisateur",
            "member": "Membre",
            "email": "Courriel",
            "project": "Projet",
            "task": "Tâche",
            "start_date": "Date de début",
            "start_time": "Heure de début",
            "end_date": "Date de fin",
            "end_time": "Heure de fin",
            "duration": "Durée",
            "tags": "Étiquettes",
            "amount": "Montant",
            "currency": "Devise",
        },
        yes="Oui",
        no="Non",
    ),
    "ja": Language(
        {
            "user": "ユーザー",
            "member": "メンバー",
            "email": "メールアドレス|メール",
            "client": "クライアント",
            "project": "プロジェクト",
            "task": "タスク",
            "description": "説明",
            "billable": "請求可能|請求対象",
            "start_date": "開始日",
            "start_time": "開始時刻|開始時間",
            "end_date": "終了日",
            "end_time": "終了時刻|終了時間",
            "duration": "所要時間|期間",
            "tags": "タグ",
            "amount": "金額",
            "currency": "通貨",
        },
        yes="はい",
        no="いいえ",
    ),
    "ru": Language(
        {
            "user": "Пользователь",
            "member": "Участник",
            "email": "Электронная почта|Эл. почта",
            "client": "Клиент",
            "project": "Проект",
            "task": "Задача",
            "description": "Описание",
            "billable": "Оплачиваемое|Оплачиваемый",
            "start_date": "Дата начала",
            "start_time": "Время начала",
            "end_date": "Дата окончания",
            "end_time": "Время окончания",
            "duration": "Длительность|Продолжительность",
            "tags": "Теги|Метки",
            "amount": "Сумма",
            "currency": "Валюта",
        },
        yes="Да",
        no="Нет",
    ),
}


def folded(text: str) -> str:
    """Return a text as it is compared: without case, accents and outer spaces."""
    apart = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _several(texts: str) -> list[str]:
    return [folded(text) for text in texts.split("|")]


TITLES: Mapping[str, str] = {  # what the column of a title holds
    title: name for one in LANGUAGES.values() for name, titles in one.titles.items() for title in _several(titles)
}
YES_NO: Mapping[str, bool] = {
    word: is_yes
    for one in LANGUAGES.values()
    for is_yes, words in ((True, one.yes), (False, one.no))
    for word in _several(words)
} | {"": False}
