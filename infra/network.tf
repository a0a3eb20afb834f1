data "aws_subnet" "server" {
  id = var.subnet_id
}

resource "aws_security_group" "server" {
  name_prefix = "${local.name}-server-"
  description = "The martlet server: its port from allowed_cidrs, and nothing else in"
  vpc_id      = data.aws_subnet.server.vpc_id

  # The server is moved to a new group before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "service" {
  for_each = var.allowed_cidrs

  security_group_id = aws_security_group.server.id
  description       = "The service"
  ip_protocol       = "tcp"
  from_port         = var.port
  to_port           = var.port
  cidr_ipv4         = each.value
}

# The bucket, the registry and Amazon Linux's repository. Security groups do not apply to the network's own DNS, clock and metadata.
resource "aws_vpc_security_group_egress_rule" "tls" {
  security_group_id = aws_security_group.server.id
  description       = "S3, the registry and packages of Amazon Linux"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}
