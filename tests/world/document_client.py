"""A client that knows nothing of the API but its OpenAPI document, as a generated one would."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema_rs
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client


class UndocumentedCall(Exception):
    """The document has no such operation or parameter, or the answer is not as it says."""


class Refused(Exception):
    """The API answered with a problem."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem['code']} {problem['title']}")
        self.problem = problem


class DocumentClient:
    """Calls operations by their operationId. Paths, parameters, bodies and answers are taken from
    the document and held to its schemas."""

    def __init__(self, document: dict[str, Any], token: str, language: str = "zh") -> None:
        self._components = document["components"]
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self._client = Client(enforce_csrf_checks=True)
        self._operations = {
            operation["operationId"]: (method, path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def call(self, name: str, body: Any = None, **parameters: Any) -> Any:
        """One call; `file` of the parameters is (name, content). Raises Refused."""
        if name not in self._operations:
            raise UndocumentedCall(name)
        method, path, operation = self._operations[name]
        file = parameters.pop("file", None)
        address = _fill_address(name, path, operation, parameters)
        sent = self._build_body(name, operation, body, file)
        answer = getattr(self._client, method)(address, headers=self._headers, **sent)
        return self._read_answer(name, operation, answer)

    def _build_body(self, name: str, operation: Any, body: Any, file: Any) -> dict[str, Any]:
        documented = operation.get("requestBody", {}).get("content", {})
        if file is not None:
            if "multipart/form-data" not in documented:
                raise UndocumentedCall(f"{name} takes no file")
            return {"data": {"file": SimpleUploadedFile(*file)}}
        if body is None:
            return {"data": "", "content_type": "application/json"} if documented else {}
        if "application/json" not in documented:
            raise UndocumentedCall(f"{name} takes no body")
        self._hold_to(f"body of {name}", documented["application/json"]["schema"], body)
        return {"data": json.dumps(body), "content_type": "application/json"}

    def _read_answer(self, name: str, operation: Any, answer: Any) -> Any:
        responses = {str(status): said for status, said in operation["responses"].items()}
        said = responses.get(str(answer.status_code))
        if said is None:
            raise UndocumentedCall(f"{name} answered {answer.status_code}")
        if "application/pdf" in said.get("content", {}):
            return answer.content
        told = answer.json()
        schema = said["content"]["application/json"]["schema"]
        self._hold_to(f"answer {answer.status_code} of {name}", schema, told)
        if answer.status_code >= 400:
            raise Refused(told)
        return told

    def _hold_to(self, what: str, schema: dict[str, Any], value: Any) -> None:
        whole = {**schema, "components": self._components}
        try:
            jsonschema_rs.validate(whole, value)
        except jsonschema_rs.ValidationError as error:
            raise UndocumentedCall(f"{what}: {error}") from error


def _fill_address(name: str, path: str, operation: Any, parameters: dict[str, Any]) -> str:
    documented = {p["name"]: p for p in operation.get("parameters", ())}
    if unknown := parameters.keys() - documented.keys():
        raise UndocumentedCall(f"{name} has no parameter {sorted(unknown)}")
    for parameter in documented.values():
        if parameter.get("required") and parameter["name"] not in parameters:
            raise UndocumentedCall(f"{name} needs {parameter['name']}")
    query = {}
    for key, value in parameters.items():
        if documented[key]["in"] == "path":
            path = path.replace(f"{{{key}}}", quote(str(value), safe=""))
        else:
            query[key] = value
    return path + (f"?{urlencode(query)}" if query else "")
