# Values that are refused. That nothing else is wrong is known from `accepts_the_rest`.

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

# A start of the provider is what a run costs, so each breaks several variables: all of them must be refused.

run "refuses_a_name_in_capitals_and_others" {
  command = plan

  variables {
    # A name in capitals.
    name = "Edge"
    # A zip that is none.
    function_zip = "function.jar"
    # Another runtime.
    runtime = "java21"
    # Another processor.
    architecture = "riscv64"
    # Cloudfront that can be passed by.
    cloudfront = true
  }

  expect_failures = [var.name, var.function_zip, var.runtime, var.architecture, var.cloudfront]
}

run "refuses_no_function_and_others" {
  command = plan

  variables {
    # No function.
    functions = {}
    # A key id with a hyphen.
    signing_keys = { current = { id = "k-1", parameter = "/edge/k1" } }
    # A token without a slash.
    admin_token_parameter = "token"
    # A setting of aws.
    environment = { AWS_REGION = "eu-central-1" }
  }

  expect_failures = [var.functions, var.signing_keys, var.admin_token_parameter, var.environment]
}

run "refuses_a_function_of_one_instance_and_others" {
  command = plan

  variables {
    # A function of one instance.
    functions = { evict = {} }
    # A parameter without a slash.
    signing_keys = { current = { id = "k1", parameter = "k1" } }
    # Access for anybody.
    environment = { EDGE_ACCESS = "open" }
    # An alias of a key.
    kms_key_arn = "alias/edge"
  }

  expect_failures = [var.functions, var.signing_keys, var.environment, var.kms_key_arn]
}

run "refuses_too_little_memory_and_others" {
  command = plan

  variables {
    # Too little memory.
    functions = { download = { memory_mb = 256 } }
    # Twice the same key.
    signing_keys = { current = { id = "k1", parameter = "/edge/k1" }, previous = { id = "k1", parameter = "/edge/k0" } }
    # A token in the environment.
    environment = { EDGE_ADMIN_TOKEN = "secret" }
    # Chunks that never were.
    chunk_expiry_days = 0
  }

  expect_failures = [var.functions, var.signing_keys, var.environment, var.chunk_expiry_days]
}

run "refuses_half_a_megabyte_and_others" {
  command = plan

  variables {
    # Half a megabyte.
    functions = { download = { memory_mb = 512.5 } }
    # Versions of half a day.
    noncurrent_version_days = 0.5
    # A retention that is none.
    log_retention_days = 31
    # An alarm to nobody.
    alarm_actions = ["somebody@example.com"]
  }

  expect_failures = [var.functions, var.noncurrent_version_days, var.log_retention_days, var.alarm_actions]
}

run "refuses_too_long_a_timeout_and_others" {
  command = plan

  variables {
    # Too long a timeout.
    functions = { download = { timeout_seconds = 901 } }
    # An alarm without failures.
    alarm_source_failure_percent = 0
    # Another price class.
    cloudfront_price_class = "PriceClass_300"
    # A tag of aws.
    tags = { "aws:owner" = "me" }
  }

  expect_failures = [var.functions, var.alarm_source_failure_percent, var.cloudfront_price_class, var.tags]
}

run "refuses_concurrency_below_none" {
  command = plan

  variables {
    # Concurrency below none.
    functions = { download = { reserved_concurrency = -2 } }
  }

  expect_failures = [var.functions]
}

run "refuses_another_authorization" {
  command = plan

  variables {
    # Another authorization.
    functions = { download = { authorization = "SIGNED" } }
  }

  expect_failures = [var.functions]
}

run "refuses_iam_before_the_admin_token" {
  command = plan

  variables {
    # Iam before the admin token.
    functions = { publish = { authorization = "AWS_IAM" } }
  }

  expect_failures = [var.functions]
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

run "the_readme_has_every_input_and_output" {
  command = plan

  assert {
    condition = (
      length(var.tags) >= 0 &&
      toset(flatten(regexall("(?m)^variable \"(\\w+)\"", file("variables.tf")))) == toset(flatten(regexall("name=\"input_(\\w+)\"", file("README.md")))) &&
      toset(flatten(regexall("(?m)^output \"(\\w+)\"", file("outputs.tf")))) == toset(flatten(regexall("name=\"output_(\\w+)\"", file("README.md"))))
    )
    error_message = "README.md must have a row for each input and output, and no others."
  }
}
