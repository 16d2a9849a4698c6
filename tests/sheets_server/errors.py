"""Google's error answers, with the messages and statuses that real ones carry."""

from __future__ import annotations

from typing import Any

STATUS_OF = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}
PROTECTED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection "
    "if you need to edit."
)
CELL_TOO_LONG = "Your input contains more than the maximum of 50000 characters in a single cell."
TOO_MANY_CELLS = "This action would increase the number of cells in the workbook above the limit of 10000000 cells."
PROJECT = "project_number:100000000001"


class ApiError(Exception):
    """An answer with an error body; nothing of the request has been applied."""

    def __init__(self, code: int, message: str, details: list[Any] | None = None, status: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.details = code, message, details
        self.status = status or STATUS_OF[code]

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}


class DriveError(ApiError):
    """Drive v3 answers in its older form, with `errors` and without a status."""

    def __init__(self, code: int, message: str, reason: str, domain: str = "global") -> None:
        super().__init__(code, message)
        self.reason, self.domain = reason, domain

    def body(self) -> dict[str, Any]:
        one = {"message": self.message, "domain": self.domain, "reason": self.reason}
        return {"error": {"code": self.code, "message": self.message, "errors": [one]}}


class GrantError(ApiError):
    """The token endpoint answers in the form of OAuth 2."""

    def body(self) -> dict[str, Any]:
        return {"error": "invalid_grant", "error_description": self.message}


def invalid(message: str, details: list[Any] | None = None) -> ApiError:
    return ApiError(400, message, details)


def bad_payload(field: str, description: str) -> ApiError:
    """A body that does not fit the discovery document."""
    violation = {"field": field, "description": description} if field else {"description": description}
    kind = "type.googleapis.com/google.rpc.BadRequest"
    return invalid(description, [{"@type": kind, "fieldViolations": [violation]}])


def not_found() -> ApiError:
    return ApiError(404, "Requested entity was not found.")


def forbidden() -> ApiError:
    return ApiError(403, "The caller does not have permission")


def unimplemented(what: str) -> ApiError:
    return ApiError(501, f"{what} is not implemented by this stand-in.")


def not_a_sheet() -> ApiError:
    """The file is an .xlsx in Drive."""
    return ApiError(400, "This operation is not supported for this document", status="FAILED_PRECONDITION")


def unauthenticated() -> ApiError:
    return ApiError(
        401,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )


def service_disabled() -> ApiError:
    message = (
        "Google Sheets API has not been used in project 100000000001 before or it is disabled. Enable it by visiting "
        "https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=100000000001 then retry."
    )
    return ApiError(403, message, [error_info("SERVICE_DISABLED", {"service": "sheets.googleapis.com"})])


def rate_limited(write: bool) -> ApiError:
    word, name, metric = (
        ("Write", "WriteRequestsPerMinutePerUser", "write_requests")
        if write
        else ("Read", "ReadRequestsPerMinutePerUser", "read_requests")
    )
    message = (
        f"Quota exceeded for quota metric '{word} requests' and limit '{word} requests per minute per user' of service "
        f"'sheets.googleapis.com' for consumer '{PROJECT}'."
    )
    metadata = {
        "service": "sheets.googleapis.com",
        "consumer": "projects/100000000001",
        "quota_limit": name,
        "quota_metric": f"sheets.googleapis.com/{metric}",
        "quota_limit_value": "60",
        "quota_location": "global",
    }
    return ApiError(429, message, [error_info("RATE_LIMIT_EXCEEDED", metadata)])


def error_info(reason: str, metadata: dict[str, str]) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": metadata,
    }


def storage_full() -> DriveError:
    """Service accounts own no files."""
    return DriveError(
        403, "The user's Drive storage quota has been exceeded.", "storageQuotaExceeded", domain="usageLimits"
    )


def file_not_found(file_id: str) -> DriveError:
    return DriveError(404, f"File not found: {file_id}.", "notFound")
