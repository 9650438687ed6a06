"""Serves the site with granian: one small process of threads behind the socket."""

import errno
import socket

from django.conf import settings

from minga.access.process import become, forget_connections
from minga.installation.problems import InstallationProblem
from minga.operations.initialising import is_up_to_date

STOP_SECONDS = 5  # for answers under way; the supervisor kills after eight


def serve_site(*, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        host: address to listen on.
        port: port to listen on.

    Raises:
        InstallationProblem: the port is taken, or the database is not of this version.
    """
    require_free_port(host, port)
    become("worker")
    if not is_up_to_date():
        raise InstallationProblem("The database is of an older version. Bring it to this one with: minga init")
    forget_connections()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "minga.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.WEB_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_enabled=True,
        log_level=LogLevels.warning,
    ).serve()


def require_free_port(host: str, port: int) -> None:
    """Say clearly that a port is taken, before anything slow begins.

    Raises:
        InstallationProblem: somebody listens there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as problem:
            raise InstallationProblem(f"Port {port} is for the administrator only. Choose one above 1023.") from problem
        except socket.gaierror as problem:
            raise InstallationProblem(f"There is no address {host}. Name one of this machine with --host.") from problem
        except OverflowError as problem:
            raise InstallationProblem(f"There is no port {port}: ports go from 1 to 65535.") from problem
        except OSError as problem:
            if problem.errno == errno.EADDRNOTAVAIL:
                raise InstallationProblem(
                    f"{host} is not an address of this machine. Name one of its own with --host."
                ) from problem
            raise InstallationProblem(
                f"Port {port} of {host} is taken by another program. "
                f"Choose another: minga up --port {port + 1} (or MINGA_PORT={port + 1} make run)."
            ) from problem
