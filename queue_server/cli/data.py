"""Commands about the data folder: who may come in, backups."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from queue_server.cli.common import DataFolder, app, fail
from queue_server.engine.roles import Role


class Given(StrEnum):
    """Roles a token can be given."""

    ADMIN = "admin"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    GUIDE = "guide"
    CLERK = "clerk"
    KIOSK = "kiosk"
    DISPLAY = "display"
    BRIDGE = "bridge"
    PAD = "pad"
    ZIGBEE = "zigbee"


@app.command()
def token(
    data: DataFolder = Path("data"),
    role: Annotated[Given, typer.Option(help="角色。Role")] = Given.KIOSK,
    name: Annotated[str, typer.Option(help="设备或程序的名字。Default: made up")] = "",
    windows: Annotated[str, typer.Option(help="只限这些窗口,逗号分开。Only these windows")] = "",
    revoke: Annotated[bool, typer.Option(help="作废。Take the token of this name back")] = False,
) -> None:
    """发放或作废令牌。Print a token for a device or program: NAME.SECRET.

    Over HTTP: Authorization: Bearer TOKEN. At the broker: user NAME, password the whole token.
    """
    import secrets

    from queue_server.broker import hash_password
    from queue_server.store.accounts import AccountError, Accounts

    accounts = Accounts(data)
    try:
        if revoke:
            if not accounts.revoke(name):
                fail(f"没有有效的令牌 {name!r}。There is no token of that name in force")
            return
        limit = frozenset(w.strip() for w in windows.split(",") if w.strip()) or None
        typer.echo(
            accounts.add_token(
                name or f"{role}-{secrets.token_hex(3)}",
                Role(role),
                windows=limit,
                broker_hash=hash_password,
            )
        )
    except AccountError as error:
        fail(str(error))
    finally:
        accounts.close()


@app.command()
def person(
    name: Annotated[str, typer.Argument(help="登录名。Name to sign in with")],
    role: Annotated[Given, typer.Option(help="角色。Role")] = Given.CLERK,
    windows: Annotated[str, typer.Option(help="只限这些窗口,逗号分开。Only these windows")] = "",
    data: DataFolder = Path("data"),
    remove: Annotated[bool, typer.Option(help="删除。Remove the account")] = False,
) -> None:
    """新建或删除登录账号。Make an account; its first password is printed once."""
    import secrets

    from queue_server.store.accounts import AccountError, Accounts

    accounts = Accounts(data)
    try:
        if remove:
            if not accounts.remove_person(name):
                fail(f"没有账号 {name!r}。There is no such account")
            return
        limit = frozenset(w.strip() for w in windows.split(",") if w.strip()) or None
        password = secrets.token_urlsafe(9)
        accounts.add_person(name, Role(role), password, windows=limit)
        typer.echo(password)
    except AccountError as error:
        fail(str(error))
    finally:
        accounts.close()


@app.command()
def backup(data: DataFolder = Path("data")) -> None:
    """备份。Copy the database into its backups folder, while the server runs, and check it."""
    from queue_server.store.backup import backup as copy
    from queue_server.store.schema import StoreError

    try:
        typer.echo(copy(data))
    except StoreError as error:
        fail(str(error))


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="备份文件。Backup file")],
    data: DataFolder = Path("data"),
) -> None:
    """恢复备份。Put a backup in the place of the database; the present one is kept beside it."""
    from queue_server.store.backup import restore as put_back
    from queue_server.store.log import stopped
    from queue_server.store.schema import StoreError

    try:
        with stopped(data):
            put_back(data, source)
    except StoreError as error:
        fail(str(error))
    typer.echo(f"已恢复 {source}。Restored; start the server again")
