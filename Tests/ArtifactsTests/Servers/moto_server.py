"""An S3 server in memory that checks signatures, on a free port, until the program that started it ends.

Prints one line: `ready ENDPOINT ACCESS_KEY SECRET_KEY`. There are the buckets `models`, empty, and `many`, with 1005
objects.
"""
import json
import os
import time
import urllib.request

# Until checking is turned on below, whatever the number.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "1000000"

import boto3
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer

parent = os.getppid()
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
endpoint = f"http://{host}:{port}"


def client(service):
    return boto3.client(
        service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")


allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
users = client("iam")
users.create_user(UserName="martlet")
users.put_user_policy(UserName="martlet", PolicyName="s3", PolicyDocument=json.dumps(allow))
key = users.create_access_key(UserName="martlet")["AccessKey"]

for bucket in ("models", "many"):
    client("s3").create_bucket(Bucket=bucket)
objects = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
for number in range(1005):
    objects.put_object("many", f"object-{number:04}", b"x")

urllib.request.urlopen(urllib.request.Request(
    endpoint + "/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"})).read()
print("ready", endpoint, key["AccessKeyId"], key["SecretAccessKey"], flush=True)
while os.getppid() == parent:
    time.sleep(0.2)
