"""AWS on loopback: MiniStack, which checks permissions, runs the real binary and executes state machines."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import boto3.session
from botocore.config import Config

sys.path.insert(0, str(Path(__file__).parents[1]))

ROOT = Path(__file__).parents[3]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"
# MiniStack's administrator, as who the stacks are deployed.
ADMINISTRATOR = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
START_SECONDS = 120


class Emulator:
    """MiniStack on a free port, with its files in a folder that goes with it."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="roster-sync-machine-"))
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = self.folder / "emulator.log"
        self.clients, self.making = {}, threading.Lock()
        # Nothing of this machine's own AWS, and nothing that leaves it: functions inherit where AWS is.
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environment |= {
            "AUTH": "true",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": self.url.rsplit(":", 1)[1],
            "IOT_MTLS_ENABLED": "0",
            "MINISTACK_HOST": "127.0.0.1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(self.folder),
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ministack"], env=environment, cwd=self.folder, stdout=log, stderr=log
            )
        try:
            self.wait()
        except Exception:
            self.stop()
            raise

    def wait(self):
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"MiniStack does not start:\n{self.log.read_text()}")

    def client(self, service):
        """One for all threads: they may use it together, and not make it together."""
        with self.making:
            if service not in self.clients:
                config = Config(
                    retries={"max_attempts": 1}, read_timeout=300, max_pool_connections=50, s3={"addressing_style": "path"}
                )
                session = boto3.session.Session(**ADMINISTRATOR)
                self.clients[service] = session.client(service, endpoint_url=self.url, config=config)
            return self.clients[service]

    def stop(self):
        """Ends it and the functions that it runs."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
