data "aws_ec2_instance_type" "server" {
  instance_type = var.instance_type
}

# Amazon Linux 2023: it has Docker in its repository and the AWS CLI in the image.
data "aws_ssm_parameter" "ami" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${local.architecture}"
}

locals {
  architecture = contains(data.aws_ec2_instance_type.server.supported_architectures, "arm64") ? "arm64" : "x86_64"

  # docs/configuration.md has the keys.
  configuration = yamlencode({
    service_title = "${var.project} (${var.environment})"
    environment   = var.environment == "development" ? "development" : "production"
    models        = [for path in var.models : { class_path = path }]
    model_packages = {
      store  = "s3://${aws_s3_bucket.models.bucket}/${var.prefix}"
      region = var.region
      # The last verified packages, for a start while the bucket does not answer.
      cache = "/service/cache"
    }
    keys    = [for id, key in var.keys : { id = id, algorithm = "ed25519", public_key = key }]
    metrics = { enabled = true }
    # Both lie inside the 30 s that the unit gives.
    server = { port = 8000, drain_timeout = "25s", drain_delay = "5s" }
  })

  # Nothing secret: whoever may ask for the server's user data sees it.
  variables = <<-END
    IMAGE=${aws_ecr_repository.martlet.repository_url}:${var.image_tag}
    REGISTRY=${split("/", aws_ecr_repository.martlet.repository_url)[0]}
    AWS_REGION=${var.region}
    PORT=${var.port}
  END

  cloud_config = {
    packages = ["docker"]
    write_files = [
      { path = "/etc/martlet/rest_config.yaml", permissions = "0644", content = local.configuration },
      { path = "/etc/martlet/environment", permissions = "0644", content = local.variables },
      { path = "/etc/systemd/system/martlet.service", permissions = "0644", content = file("${path.module}/server/martlet.service") },
      { path = "/usr/local/bin/martlet-prepare", permissions = "0755", content = file("${path.module}/server/martlet-prepare") },
    ]
    runcmd = [
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--now", "--no-block", "martlet.service"],
    ]
  }
}

resource "aws_instance" "server" {
  #checkov:skip=CKV_AWS_126:Metrics of the machine every minute are paid for; the service tells its own at /metrics
  ami                         = data.aws_ssm_parameter.ami.insecure_value
  instance_type               = var.instance_type
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = [aws_security_group.server.id]
  associate_public_ip_address = var.public_address
  iam_instance_profile        = aws_iam_instance_profile.server.name
  ebs_optimized               = true

  # cloud-init reads it once, so that another configuration is another server.
  user_data                   = "#cloud-config\n${yamlencode(local.cloud_config)}"
  user_data_replace_on_change = true

  # Sessions only, and of the machine alone: a container behind Docker's bridge is one hop too far to get the role.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    encrypted   = true
    volume_type = "gp3"
  }

  tags = {
    Name = "${local.name}-server"
  }

  lifecycle {
    # Amazon moves the newest image every few weeks; `terraform apply -replace=aws_instance.server` takes it.
    ignore_changes = [ami]
  }

  # What the first start asks, and the way to it.
  depends_on = [
    aws_iam_role_policy.packages,
    aws_iam_role_policy.image,
    aws_vpc_security_group_egress_rule.tls,
  ]
}
