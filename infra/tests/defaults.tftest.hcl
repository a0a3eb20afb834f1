# What is made with the defaults. The provider is simulated: nothing asks AWS.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_ec2_instance_type" {
    defaults = { supported_architectures = ["i386", "x86_64"] }
  }
  mock_resource "aws_ecr_repository" {
    defaults = {
      arn            = "arn:aws:ecr:us-east-1:123456789012:repository/martlet-staging"
      repository_url = "123456789012.dkr.ecr.us-east-1.amazonaws.com/martlet-staging"
    }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::martlet-staging-models-123456789012" }
  }
}

variables {
  environment = "staging"
  subnet_id   = "subnet-0123456789abcdef0"
  models      = ["iris_model.prediction.model.IrisModel"]
  keys        = { training = "J1+xpgKbA/NzToHpl13RmFkTlaa6W72LLZrZhNNmSsc=" }
}

run "bucket" {
  assert {
    condition     = output.store == "s3://martlet-staging-models-123456789012/models"
    error_message = "the bucket is named after project, environment and account"
  }
  assert {
    condition     = aws_s3_bucket_versioning.models.versioning_configuration[0].status == "Enabled"
    error_message = "the bucket keeps versions"
  }
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.models.block_public_acls, aws_s3_bucket_public_access_block.models.block_public_policy,
      aws_s3_bucket_public_access_block.models.ignore_public_acls, aws_s3_bucket_public_access_block.models.restrict_public_buckets,
    ])
    error_message = "nothing about the bucket can be public"
  }
  assert {
    condition = [for statement in jsondecode(aws_s3_bucket_policy.models.policy).Statement : statement.Resource
    if statement.Effect == "Deny" && statement.Principal == "*" && statement.Condition.Bool["aws:SecureTransport"] == "false"] == [[aws_s3_bucket.models.arn, "${aws_s3_bucket.models.arn}/*"]]
    error_message = "the bucket and its objects are for TLS only"
  }
}

run "role" {
  assert {
    condition = toset(flatten([for policy in [aws_iam_role_policy.packages, aws_iam_role_policy.image] :
      [for statement in jsondecode(policy.policy).Statement : statement.Action]])) == toset([
      "s3:ListBucket", "s3:GetObject", "ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
    ])
    error_message = "the role reads packages and pulls images, and no more"
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.packages.policy).Statement : statement.Resource] == [aws_s3_bucket.models.arn, "${aws_s3_bucket.models.arn}/models/*"]
    error_message = "it gets what is below the prefix"
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.packages.policy).Statement[0].Condition == { StringLike = { "s3:prefix" = "models/*" } }
    error_message = "it lists what is below the prefix"
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.image.policy).Statement : statement.Sid if statement.Resource != aws_ecr_repository.martlet.arn] == ["LogIn"]
    error_message = "only the login is not of the one repository"
  }
}

run "registry" {
  assert {
    condition     = aws_ecr_repository.martlet.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.martlet.image_scanning_configuration[0].scan_on_push
    error_message = "tags do not move, and images are scanned"
  }
}

run "server" {
  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.service) == 0
    error_message = "by default nobody gets in"
  }
  assert {
    condition     = aws_instance.server.metadata_options[0].http_tokens == "required" && aws_instance.server.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "metadata is for sessions of the machine"
  }
  assert {
    condition     = aws_instance.server.root_block_device[0].encrypted && !aws_instance.server.associate_public_ip_address
    error_message = "the disk is encrypted, and there is no public address"
  }
  assert {
    condition     = endswith(data.aws_ssm_parameter.ami.name, "-x86_64")
    error_message = "the machine's image has the server's architecture"
  }
  assert {
    condition     = output.image == "123456789012.dkr.ecr.us-east-1.amazonaws.com/martlet-staging:0.1.0"
    error_message = "the image comes from the registry"
  }
}

run "user_data" {
  assert {
    condition = { for line in split("\n", trimspace(one([for file in local.cloud_config.write_files : file.content if file.path == "/etc/martlet/environment"]))) : split("=", line)[0] => split("=", line)[1] } == {
      IMAGE      = output.image
      REGISTRY   = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
      AWS_REGION = "us-east-1"
      PORT       = "8000"
    }
    error_message = "the environment file has what unit and script use"
  }
  assert {
    condition     = yamldecode(local.configuration).model_packages.store == output.store
    error_message = "martlet reads the bucket"
  }
  assert {
    condition     = yamldecode(local.configuration).environment == "production"
    error_message = "staging refuses what production refuses"
  }
  assert {
    condition     = length(yamlencode(local.cloud_config)) < 16000
    error_message = "user data has at most 16 KiB"
  }
}

run "service_for_a_network" {
  variables {
    allowed_cidrs = ["10.0.0.0/16"]
    port          = 80
    environment   = "development"
  }
  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.service : [rule.cidr_ipv4, rule.from_port, rule.to_port]] == [["10.0.0.0/16", 80, 80]]
    error_message = "the port is open to that network alone"
  }
  assert {
    condition     = yamldecode(local.configuration).environment == "development" && yamldecode(local.configuration).server.port == 8000
    error_message = "development is development, and in the container the port is as ever"
  }
}

run "unit" {
  assert {
    condition = (
      tonumber(regex("docker stop -t ([0-9]+)", file("server/martlet.service"))[0]) > tonumber(trimsuffix(yamldecode(local.configuration).server.drain_timeout, "s"))
      && tonumber(regex("TimeoutStopSec=([0-9]+)", file("server/martlet.service"))[0]) > tonumber(regex("docker stop -t ([0-9]+)", file("server/martlet.service"))[0])
    )
    error_message = "martlet has drained before Docker kills it, and Docker has before systemd does"
  }
  assert {
    condition = alltrue([for option in ["--user 10000:10000", "--read-only", "--cap-drop all", "--security-opt no-new-privileges", "--memory 200m",
      "/etc/martlet/rest_config.yaml:", "EnvironmentFile=/etc/martlet/environment", "Restart=on-failure"] :
    strcontains(one([for file in local.cloud_config.write_files : file.content if file.path == "/etc/systemd/system/martlet.service"]), option)])
    error_message = "the container is confined, configured and started again"
  }
}
