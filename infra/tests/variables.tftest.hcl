# What variables may not be.
mock_provider "aws" {}

variables {
  environment = "staging"
  subnet_id   = "subnet-0123456789abcdef0"
  models      = ["iris_model.prediction.model.IrisModel"]
  keys        = { training = "J1+xpgKbA/NzToHpl13RmFkTlaa6W72LLZrZhNNmSsc=" }
}

run "project_with_a_capital" {
  command = plan
  variables {
    project = "Martlet"
  }
  expect_failures = [var.project]
}

run "project_too_long" {
  command = plan
  variables {
    project = "a23456789012345678901234x"
  }
  expect_failures = [var.project]
}

run "environment_unknown" {
  command = plan
  variables {
    environment = "prod"
  }
  expect_failures = [var.environment]
}

run "region_in_china" {
  command = plan
  variables {
    region = "cn-north-1"
  }
  expect_failures = [var.region]
}

run "subnet_by_name" {
  command = plan
  variables {
    subnet_id = "default"
  }
  expect_failures = [var.subnet_id]
}

run "network_that_is_an_address" {
  command = plan
  variables {
    allowed_cidrs = ["10.0.0.1"]
  }
  expect_failures = [var.allowed_cidrs]
}

run "port_of_ssh" {
  command = plan
  variables {
    port = 22
  }
  expect_failures = [var.port]
}

run "port_too_high" {
  command = plan
  variables {
    port = 65536
  }
  expect_failures = [var.port]
}

run "instance_type_without_size" {
  command = plan
  variables {
    instance_type = "t3"
  }
  expect_failures = [var.instance_type]
}

run "tag_with_a_space" {
  command = plan
  variables {
    image_tag = "0.1.0 latest"
  }
  expect_failures = [var.image_tag]
}

run "prefix_with_a_star" {
  command = plan
  variables {
    prefix = "models/*"
  }
  expect_failures = [var.prefix]
}

run "prefix_that_ends_with_a_slash" {
  command = plan
  variables {
    prefix = "models/"
  }
  expect_failures = [var.prefix]
}

run "no_models" {
  command = plan
  variables {
    models = []
  }
  expect_failures = [var.models]
}

run "model_with_a_variable" {
  command = plan
  variables {
    models = ["$${SECRET}"]
  }
  expect_failures = [var.models]
}

run "no_keys" {
  command = plan
  variables {
    keys = {}
  }
  expect_failures = [var.keys]
}

run "key_that_is_too_short" {
  command = plan
  variables {
    keys = { training = "c2hvcnQ=" }
  }
  expect_failures = [var.keys]
}

run "old_versions_for_no_days" {
  command = plan
  variables {
    old_version_days = 0
  }
  expect_failures = [var.old_version_days]
}
