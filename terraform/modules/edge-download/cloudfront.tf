data "aws_cloudfront_cache_policy" "disabled" {
  count = var.cloudfront ? 1 : 0
  name  = "Managed-CachingDisabled"
}

# The host that a function URL is signed for must be its own.
data "aws_cloudfront_origin_request_policy" "all_but_host" {
  count = var.cloudfront ? 1 : 0
  name  = "Managed-AllViewerExceptHostHeader"
}

resource "aws_cloudfront_origin_access_control" "this" {
  count                             = var.cloudfront ? 1 : 0
  name                              = "${var.name}-download"
  description                       = "Signs what CloudFront asks of the function URL of download."
  origin_access_control_origin_type = "lambda"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_distribution" "this" {
  count       = var.cloudfront ? 1 : 0
  enabled     = true
  comment     = "edge-download ${var.name}"
  price_class = var.cloudfront_price_class
  tags        = var.tags

  origin {
    origin_id                = "download"
    domain_name              = "${aws_lambda_function_url.this["download"].url_id}.lambda-url.${data.aws_region.current.name}.on.aws"
    origin_access_control_id = aws_cloudfront_origin_access_control.this[0].id

    custom_origin_config {
      http_port                = 80
      https_port               = 443
      origin_protocol_policy   = "https-only"
      origin_ssl_protocols     = ["TLSv1.2"]
      origin_read_timeout      = min(60, var.functions["download"].timeout_seconds + 1)
      origin_keepalive_timeout = 5
    }
  }

  # A signature in the address says who may have an answer, so none is kept here.
  default_cache_behavior {
    target_origin_id         = "download"
    viewer_protocol_policy   = "https-only"
    allowed_methods          = ["GET", "HEAD", "OPTIONS"]
    cached_methods           = ["GET", "HEAD"]
    cache_policy_id          = data.aws_cloudfront_cache_policy.disabled[0].id
    origin_request_policy_id = data.aws_cloudfront_origin_request_policy.all_but_host[0].id
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

# A function URL asks for both permissions.
resource "aws_lambda_permission" "cloudfront" {
  for_each      = var.cloudfront ? toset(["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"]) : toset([])
  statement_id  = "CloudFront${split(":", each.key)[1]}"
  action        = each.key
  function_name = aws_lambda_function.this["download"].function_name
  principal     = "cloudfront.amazonaws.com"
  source_arn    = aws_cloudfront_distribution.this[0].arn
}
