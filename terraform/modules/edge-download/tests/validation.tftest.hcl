# Values that are refused. That it is the right condition which refuses is known from `accepts_the_rest`: only one value differs.

mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { name = "eu-central-1" }
  }
  mock_data "aws_ssm_parameter" {
    defaults = { value = "c2VjcmV0" }
  }
}

variables {
  name                  = "edge-test"
  function_zip          = "tests/empty.zip"
  runtime               = "provided.al2023"
  signing_keys          = { current = { id = "k1", parameter = "/edge/k1" } }
  admin_token_parameter = "/edge/token"
}

run "accepts_the_rest" {
  command = plan
}

run "refuses_a_name_in_capitals" {
  command = plan

  variables {
    name = "Edge"
  }

  expect_failures = [var.name]
}

run "refuses_a_zip_that_is_none" {
  command = plan

  variables {
    function_zip = "function.jar"
  }

  expect_failures = [var.function_zip]
}

run "refuses_another_runtime" {
  command = plan

  variables {
    runtime = "java21"
  }

  expect_failures = [var.runtime]
}

run "refuses_another_processor" {
  command = plan

  variables {
    architecture = "riscv64"
  }

  expect_failures = [var.architecture]
}

run "refuses_no_function" {
  command = plan

  variables {
    functions = {}
  }

  expect_failures = [var.functions]
}

run "refuses_a_function_of_one_instance" {
  command = plan

  variables {
    functions = { evict = {} }
  }

  expect_failures = [var.functions]
}

run "refuses_too_little_memory" {
  command = plan

  variables {
    functions = { download = { memory_mb = 256 } }
  }

  expect_failures = [var.functions]
}

run "refuses_half_a_megabyte" {
  command = plan

  variables {
    functions = { download = { memory_mb = 512.5 } }
  }

  expect_failures = [var.functions]
}

run "refuses_too_long_a_timeout" {
  command = plan

  variables {
    functions = { download = { timeout_seconds = 901 } }
  }

  expect_failures = [var.functions]
}

run "refuses_concurrency_below_none" {
  command = plan

  variables {
    functions = { download = { reserved_concurrency = -2 } }
  }

  expect_failures = [var.functions]
}

run "refuses_another_authorization" {
  command = plan

  variables {
    functions = { download = { authorization = "SIGNED" } }
  }

  expect_failures = [var.functions]
}

run "refuses_iam_before_the_admin_token" {
  command = plan

  variables {
    functions = { publish = { authorization = "AWS_IAM" } }
  }

  expect_failures = [var.functions]
}

run "refuses_a_key_id_with_a_hyphen" {
  command = plan

  variables {
    signing_keys = { current = { id = "k-1", parameter = "/edge/k1" } }
  }

  expect_failures = [var.signing_keys]
}

run "refuses_a_parameter_without_a_slash" {
  command = plan

  variables {
    signing_keys = { current = { id = "k1", parameter = "k1" } }
  }

  expect_failures = [var.signing_keys]
}

run "refuses_twice_the_same_key" {
  command = plan

  variables {
    signing_keys = { current = { id = "k1", parameter = "/edge/k1" }, previous = { id = "k1", parameter = "/edge/k0" } }
  }

  expect_failures = [var.signing_keys]
}

run "refuses_a_token_without_a_slash" {
  command = plan

  variables {
    admin_token_parameter = "token"
  }

  expect_failures = [var.admin_token_parameter]
}

run "refuses_a_setting_of_aws" {
  command = plan

  variables {
    environment = { AWS_REGION = "eu-central-1" }
  }

  expect_failures = [var.environment]
}

run "refuses_access_for_anybody" {
  command = plan

  variables {
    environment = { EDGE_ACCESS = "open" }
  }

  expect_failures = [var.environment]
}

run "refuses_a_token_in_the_environment" {
  command = plan

  variables {
    environment = { EDGE_ADMIN_TOKEN = "secret" }
  }

  expect_failures = [var.environment]
}

run "refuses_an_alias_of_a_key" {
  command = plan

  variables {
    kms_key_arn = "alias/edge"
  }

  expect_failures = [var.kms_key_arn]
}

run "refuses_chunks_that_never_were" {
  command = plan

  variables {
    chunk_expiry_days = 0
  }

  expect_failures = [var.chunk_expiry_days]
}

run "refuses_versions_of_half_a_day" {
  command = plan

  variables {
    noncurrent_version_days = 0.5
  }

  expect_failures = [var.noncurrent_version_days]
}

run "refuses_a_retention_that_is_none" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

run "refuses_an_alarm_to_nobody" {
  command = plan

  variables {
    alarm_actions = ["somebody@example.com"]
  }

  expect_failures = [var.alarm_actions]
}

run "refuses_an_alarm_without_failures" {
  command = plan

  variables {
    alarm_source_failure_percent = 0
  }

  expect_failures = [var.alarm_source_failure_percent]
}

run "refuses_cloudfront_that_can_be_passed_by" {
  command = plan

  variables {
    cloudfront = true
  }

  expect_failures = [var.cloudfront]
}

run "refuses_another_price_class" {
  command = plan

  variables {
    cloudfront_price_class = "PriceClass_300"
  }

  expect_failures = [var.cloudfront_price_class]
}

run "refuses_a_tag_of_aws" {
  command = plan

  variables {
    tags = { "aws:owner" = "me" }
  }

  expect_failures = [var.tags]
}

# Each condition has a message that says what is right, and each variable a type and a description.
run "every_variable_is_described_and_typed" {
  command = plan

  assert {
    condition = (
      length(var.tags) >= 0 &&
      length(regexall("(?m)^variable ", file("variables.tf"))) == length(regexall("(?m)^  description +=", file("variables.tf"))) &&
      length(regexall("(?m)^variable ", file("variables.tf"))) == length(regexall("(?m)^  type +=", file("variables.tf")))
    )
    error_message = "A variable has no type or no description."
  }
}
